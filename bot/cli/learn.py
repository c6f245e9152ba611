"""`tiepdan learn`: what the review queue decided to learn becomes a new version, compared before it is used."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.acting import Acting, AsOption, acting
from bot.cli.knowledge import say
from bot.core.cases.people import Role
from bot.core.errors import ConfigurationError, NotPermitted
from bot.core.suggestions.review import LEARNING
from bot.settings import PROJECT_ROOT, Settings, load

if TYPE_CHECKING:
    from knowledge.learned import Entry, Learned
    from knowledge.versions import Step, Versions
    from knowledge.versus import Versus
    from knowledge.workspace import Workspace

learn_app = typer.Typer(
    help="Học thêm từ hàng chờ xem lại: dựng bản mới, so sánh, đưa vào dùng, lùi lại.",
    no_args_is_help=True,
    add_completion=False,
)
#: What a version is compared on; never trained on.
SETS = (Path("tests/data/retrieval.jsonl"),)
TEACHERS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.KNOWLEDGE_EDITOR})
_console = Console(highlight=False, soft_wrap=True)

NameArgument = Annotated[str, typer.Argument(metavar="PHIÊN-BẢN", help="Tên phiên bản; bỏ trống là bản mới nhất.")]


@learn_app.command("list")
def list_learned(as_json: Annotated[bool, typer.Option("--json", help="In ra JSON.")] = False) -> None:
    """Liệt kê những gì đã quyết định học, và các phiên bản đã dựng."""
    with _teaching("") as at:
        entries, versions = _entries(at), _versions(load())
        used = _used(load())
        found = versions.all()
    if as_json:
        told = {
            "learned": [{**entry.model_dump(mode="json"), "in_use": entry in used.entries} for entry in entries],
            "versions": [asdict(version) for version in found],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table("mã", "loại", "thủ tục", "mặt", "nội dung", "đang dùng", title="Đã quyết định học")
    for entry in entries:
        used_now = "có" if entry in used.entries else "chờ"
        table.add_row(entry.id[:12], entry.kind.value, entry.procedure_id, entry.facet or "", entry.text, used_now)
    _console.print(table)
    table = Table("phiên bản", "câu học", "dựng lúc", "đã so sánh", "đang dùng", title="Phiên bản")
    for version in found:
        done, here = ("có" if yes else "" for yes in (version.scores, version.in_use))
        table.add_row(version.name, str(version.learned), version.created, done, here)
    _console.print(table)


@learn_app.command()
def forget(
    decision: Annotated[str, typer.Argument(metavar="MÃ", help="Mã (hoặc phần đầu) trong «tiepdan learn list».")],
    as_: AsOption = "",
) -> None:
    """Bỏ một câu đã quyết định học; có tác dụng từ lần dựng sau."""
    with _teaching(as_) as at:
        found = [entry.id for entry in _entries(at) if entry.id.startswith(decision)]
        if len(found) != 1:
            raise ConfigurationError(f"«{decision}» khớp {len(found)} câu; xem: tiepdan learn list")
        with at.units() as unit:
            unit.suggestions.review.withdraw(found[0])
            unit.commit()
        _audit(at, "learn_forget", found[0], "")
    _console.print(f"đã bỏ {found[0][:12]}")


@learn_app.command()
def retrain(as_: AsOption = "") -> None:
    """Dựng một phiên bản mới với những gì đã quyết định học, cạnh bản đang dùng (khoảng hai phút)."""
    from knowledge.learned import validated

    settings, now = load(), _now()
    with _teaching(as_) as at:
        base = _workspace(settings, None)
        learned, problems = validated(_entries(at), base.catalogue)
        for line in problems:
            say(f"bỏ qua {line}")
        if learned == _used(settings):
            raise ConfigurationError("không có gì mới so với bản đang dùng; xem: tiepdan learn list")
        versions = _versions(settings)
        name = versions.build(_workspace(settings, learned), PROJECT_ROOT / "knowledge/validation", now, say)
        _audit(at, "learn_retrain", name, f"{len(learned.entries)} câu")
    _console.print(f"đã dựng phiên bản {name} với {len(learned.entries)} câu; so sánh: tiepdan learn compare")


@learn_app.command()
def compare(
    name: NameArgument = "",
    sets: Annotated[
        list[Path] | None, typer.Option("--questions", help="Bộ câu hỏi; mặc định là tests/data/retrieval.jsonl.")
    ] = None,
    locked: Annotated[Path | None, typer.Option(help="Nửa được khóa của bộ câu hỏi; chỉ in số gộp.")] = None,
) -> None:
    """So phiên bản mới với bản đang dùng trên các bộ câu hỏi; không bao giờ luyện trên chúng."""
    from knowledge.learned import NAME, Learned
    from knowledge.versus import compared, found_first

    settings, now = load(), _now()
    versions = _versions(settings)
    name = name or versions.latest()
    workspace = _workspace(settings, None)
    learned_file = versions.folder(name) / NAME
    learned = Learned.load(learned_file) if learned_file.is_file() else Learned()
    before, after = workspace.open(), versions.open(workspace, name)
    files = [*(sets or (PROJECT_ROOT / path for path in SETS)), *([locked] if locked else [])]
    found = [compared(path, before, after, learned, now) for path in files]
    shares = tuple(found_first(index, learned, now.date()) for index in (before, after))
    versions.keep_scores(
        name,
        {
            "against": versions.target(),
            "at": now.isoformat(timespec="seconds"),
            "learned_first": shares,
            "sets": [asdict(each) for each in found],
            "worse": [f"{each.name}: {title}" for each in found for title in each.worse()],
        },
    )
    _show(name, found, shares)


@learn_app.command()
def switch(
    name: NameArgument = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Đưa vào dùng dù có số đo kém đi.")] = False,
    as_: AsOption = "",
) -> None:
    """Đưa một phiên bản đã so sánh vào dùng; dịch vụ đang chạy dùng ngay, không cần khởi động lại."""
    settings = load()
    versions = _versions(settings)
    name = name or versions.latest()
    versions.folder(name)
    scores = versions.scores(name)
    if not scores or scores.get("against") != versions.target():
        raise ConfigurationError(f"chưa so sánh {name} với bản đang dùng; chạy: tiepdan learn compare {name}")
    if scores["worse"] and not anyway:
        worse = "; ".join(scores["worse"])
        raise ConfigurationError(f"{name} kém hơn bản đang dùng ({worse}); thêm --anyway nếu vẫn muốn")
    with _teaching(as_) as at:
        step = versions.switch(name, at.principal.id, _now())
        _audit(at, "learn_switch", name, f"từ {step.before}")
    _told(step)


@learn_app.command()
def back(as_: AsOption = "") -> None:
    """Trở lại bản đã dùng trước lần đưa vào gần nhất."""
    with _teaching(as_) as at:
        step = _versions(load()).back(at.principal.id, _now())
        _audit(at, "learn_back", step.after, f"từ {step.before}")
    _told(step)


def _told(step: "Step") -> None:
    _console.print(f"đang dùng {step.after} (trước đó {step.before}); dịch vụ đang chạy dùng bản này trong vài giây")


def _show(name: str, found: list["Versus"], shares: tuple[float, ...]) -> None:
    from knowledge.versus import FIGURES

    for each in found:
        left = f", bỏ {each.left_out} câu đã học" if each.left_out else ""
        table = Table("số đo", "đang dùng", name, "khác", title=f"{each.name}: {each.questions} câu{left}")
        for key, title, _ in FIGURES:
            if key in each.before:
                before, after = each.before[key], each.after[key]
                table.add_row(title, f"{before:.1%}", f"{after:.1%}", f"{100 * (after - before):+.1f}")
        _console.print(table)
    _console.print(f"câu đã học ra đúng thủ tục ở dòng đầu: {shares[0]:.1%} → {shares[1]:.1%}")
    worse = [f"{each.name}: {title}" for each in found for title in each.worse()]
    _console.print(
        f"kém đi: {'; '.join(worse)}" if worse else "không số nào kém đi; đưa vào dùng: tiepdan learn switch"
    )


@contextmanager
def _teaching(name: str) -> Iterator[Acting]:
    """Open the database as somebody who may teach. Raises NotPermitted for anybody else."""
    with acting(name) as at:
        if at.principal.role not in TEACHERS:
            raise NotPermitted("chỉ biên tập viên, người phụ trách hoặc quản trị làm được việc này")
        yield at


def _entries(at: Acting) -> list["Entry"]:
    from knowledge.learned import Entry, Kind

    with at.units() as unit:
        decided = unit.suggestions.review.decisions(LEARNING)
    return [
        Entry(id=d.id, kind=Kind(d.choice.value), procedure_id=d.procedure_id, text=d.text, facet=d.facet)
        for d in decided
        if d.procedure_id and d.text
    ]


def _audit(at: Acting, action: str, subject: str, reason: str) -> None:
    told = f"[{at.tools.via}] {reason}".strip()
    with at.units() as unit:
        unit.audit.append(at.principal.id, at.principal.role.value, action, subject, told, _now())
        unit.commit()


def _versions(settings: Settings) -> "Versions":
    from knowledge.versions import Versions

    return Versions(settings.index_dir, settings.models_dir / "learned")


def _used(settings: Settings) -> "Learned":
    from knowledge.build import CURRENT
    from knowledge.learned import in_use

    return in_use(settings.index_dir / CURRENT)


def _workspace(settings: Settings, learned: "Learned | None") -> "Workspace":
    from knowledge.records import Catalogue
    from knowledge.workspace import Workspace

    used = learned if learned is not None else _used(settings)
    catalogue = Catalogue.load(settings.catalogue)
    return Workspace(catalogue, settings.encoder_dir, settings.index_dir, settings.encoder, used)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
