"""`tiepdan encoder|index|ask` and `tiepdan evaluate retrieval`: the knowledge base without Rasa."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.withdrawal import withdrawn
from bot.settings import Settings, load

encoder_app = typer.Typer(no_args_is_help=True, add_completion=False)
index_app = typer.Typer(no_args_is_help=True, add_completion=False)

IfNeeded = Annotated[bool, typer.Option("--if-needed", help="Không làm gì nếu đã có sẵn cho đúng danh mục này.")]
AsJson = Annotated[bool, typer.Option("--json", help="In đúng một đối tượng JSON ra đầu ra chuẩn.")]


def say(line: str) -> None:
    """Show progress on standard error."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _shipped(settings: Settings) -> Any:
    from knowledge.records import Catalogue
    from knowledge.workspace import Workspace

    return Workspace.in_use(
        Catalogue.load(settings.catalogue), settings.encoder_dir, settings.index_dir, settings.encoder
    )


def _foreign(settings: Settings, path: Path) -> Any:
    """Return the workspace of a catalogue that is not the project's own; it lies apart, named by its content."""
    from knowledge.importers import load_any
    from knowledge.workspace import Workspace

    say(f"đọc danh mục {path.name}")
    catalogue = load_any(path)
    return Workspace.apart(catalogue, settings.models_dir / "catalogues", settings.encoder)


@encoder_app.callback()
def _encoder() -> None:
    """Bộ mã hoá câu, huấn luyện từ danh mục và ngữ pháp câu hỏi của dự án."""


@encoder_app.command()
def train(if_needed: IfNeeded = False) -> None:
    """Huấn luyện bộ mã hoá cho danh mục đang dùng."""
    settings = load()
    if settings.encoder.name:
        say(f"đang dùng bộ mã hoá «{settings.encoder.name}», không cần huấn luyện")
        return
    started = _now()
    folder = _shipped(settings).train(say, again=not if_needed)
    say(f"bộ mã hoá: {folder} ({(_now() - started).total_seconds():.0f} giây)")


@index_app.callback()
def _index() -> None:
    """Chỉ mục tìm kiếm của danh mục."""


@index_app.command()
def build(if_needed: IfNeeded = False) -> None:
    """Dựng chỉ mục vào thư mục mới rồi thay vào một bước; dịch vụ đang chạy tự dùng chỉ mục mới."""
    settings = load()
    manifest = _shipped(settings).build(_now().date(), say, again=not if_needed)
    say(
        f"chỉ mục: {manifest.procedures} thủ tục, {manifest.passages} đoạn, dựng trong {manifest.build_seconds:.0f} s"
    )


@index_app.command()
def fit(
    portal: Annotated[
        Path | None,
        typer.Option(help="Danh mục cổng quốc gia; có thì khớp thêm trên knowledge/validation/portal.jsonl."),
    ] = None,
    output: Annotated[Path, typer.Option(help="Tệp trọng số được viết ra.")] = Path("knowledge/weights.json"),
    gate: Annotated[bool, typer.Option("--gate", help="Chỉ khớp ngưỡng trả lời, với trọng số đang có.")] = False,
) -> None:
    """Khớp trọng số xếp hạng trên các câu kiểm định (không bao giờ trên câu đánh giá); dựng lại chỉ mục sau đó."""
    from knowledge import evaluate, fitting

    settings = load()
    folder = Path("knowledge/validation")
    workspaces = {"own": _shipped(settings)} | ({"portal": _foreign(settings, portal)} if portal else {})
    asked = {name: evaluate.read_questions(folder / f"{name}.jsonl") for name in workspaces}
    for name, workspace in workspaces.items():
        say(f"{name}: {len(asked[name])} câu")
        workspace.build(_now().date(), say)
    if gate:
        cases = [case for name, w in workspaces.items() for case in fitting.gate_cases(w.open(), asked[name])]
        say(f"ngưỡng: {fitting.write_gate(output, cases)}")
        return
    choices = {name: fitting.choices(workspace.open(), asked[name]) for name, workspace in workspaces.items()}
    for name, held_out in fitting.write_weights(output, choices).items():
        say(f"{name}, khớp chéo: {held_out}")
    say("dựng lại chỉ mục rồi chạy «tiepdan index fit --gate» để khớp ngưỡng với trọng số mới")


@index_app.command()
def facets(
    output: Annotated[Path, typer.Option(help="Tệp mô hình được viết ra.")] = Path("knowledge/facets.npz"),
) -> None:
    """Luyện mô hình nhận mặt được hỏi từ knowledge/validation và lexicon/asks.yml; dựng lại chỉ mục sau đó."""
    from knowledge import facet_training
    from knowledge.records import Catalogue

    names = [record.name for record in Catalogue.load(load().catalogue).records]
    model, held_out = facet_training.write_model(Path("knowledge/validation"), names, output)
    say(f"{output}: {facet_training.right(model, held_out):.1%} trên {len(held_out)} câu để riêng")


def ask(
    question: Annotated[str, typer.Argument(help="Câu hỏi như người dân gõ.")],
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Số thủ tục hiện ra.")] = 5,
) -> None:
    """Tìm thủ tục cho một câu hỏi, không qua Rasa: xếp hạng, mặt được hỏi, quyết định và lý do."""
    if not question.strip():
        typer.echo("tiepdan: câu hỏi đang trống; ví dụ: tiepdan ask «muon lap hoi o xa can giay to gi»", err=True)
        raise typer.Exit(2)
    from rich.console import Console

    from bot.cli.knowledge_view import findings_json, show_findings
    from bot.core.phrases import load_phrases
    from knowledge.base import open_knowledge_base

    settings = load()
    base = open_knowledge_base(
        settings.catalogue, settings.index_dir, settings.encoder_dir, settings.encoder, lambda: withdrawn(settings)
    )
    now = _now()
    findings = base.search(question, now, limit)
    names = {hit.procedure_id: base.procedure(hit.procedure_id, now) for hit in findings.hits}
    thresholds = base.index.thresholds
    if as_json:
        typer.echo(json.dumps(findings_json(findings, names, thresholds), ensure_ascii=False))
    else:
        show_findings(findings, names, thresholds, load_phrases(settings.contacts_file), Console())


def retrieval(
    questions: Annotated[Path, typer.Option(help="Tệp JSON Lines các câu hỏi.")],
    catalogue: Annotated[
        Path | None, typer.Option(help="Tệp hoặc thư mục danh mục khác; bỏ trống thì dùng danh mục của dự án.")
    ] = None,
    as_json: AsJson = False,
    details: Annotated[bool, typer.Option("--details", help="In từng câu sai ra đầu ra lỗi.")] = False,
) -> None:
    """Đo việc tìm đúng thủ tục, qua đúng mã mà trợ lý dùng."""
    from knowledge import evaluate
    from knowledge.base import LOCAL_ZONE
    from knowledge.findings import find

    settings = load()
    asked = evaluate.read_questions(questions)
    workspace = _foreign(settings, catalogue) if catalogue else _shipped(settings)
    workspace.build(_now().date(), say)
    index = workspace.open()

    def progress(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            say(f"{done}/{total}")

    index.searcher.encoder.encode_queries(["khởi động"])
    measured = evaluate.measure(
        asked,
        lambda text, now: find(index, text, now.astimezone(LOCAL_ZONE).date(), frozenset(), evaluate.DEPTH),
        index.catalogue.by_code,
        _now(),
        progress,
    )
    if details:
        for line in evaluate.details(measured):
            say(line)
    figures = evaluate.index_figures(workspace.index_root / "current", index.manifest)
    typer.echo(json.dumps(evaluate.scores(measured, figures), ensure_ascii=False, indent=None if as_json else 2))
