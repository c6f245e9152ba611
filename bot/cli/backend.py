"""`tiepdan backend`: the local complaint backend as a server, and the contract test of any backend."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import load

if TYPE_CHECKING:
    from actions.backends.local import LocalBackend

backend_app = typer.Typer(
    help="Chạy hệ thống xử lý phản ánh cục bộ, kiểm tra một hệ thống bất kỳ.",
    no_args_is_help=True,
    add_completion=False,
)

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Thư mục dữ liệu và khóa; mặc định: backend trong thư mục dữ liệu.")
]
SecretOption = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        help="Tệp bí mật chung, mỗi dòng «tên bí_mật»; mặc định: secrets trong thư mục dữ liệu của hệ thống này.",
    ),
]
CaOption = Annotated[Path | None, typer.Option("--ca-file", help="Chứng thư gốc của hệ thống cần kiểm tra.")]
CertOption = Annotated[Path | None, typer.Option("--client-cert", help="Chứng thư của phía gọi (PEM).")]
CertKeyOption = Annotated[Path | None, typer.Option("--client-key", help="Khóa của chứng thư ấy (PEM).")]


@backend_app.command()
def run(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng.", min=1, max=65535)] = 8090,
    data: DataOption = None,
    secret_file: SecretOption = None,
) -> None:
    """Chạy hệ thống xử lý cục bộ thành một dịch vụ HTTP; Ctrl-C để dừng."""
    import uvicorn

    from actions.backends.secret_file import read_or_make_secrets
    from actions.backends.server import backend_app as make_app
    from bot.core.backend.signing import Verifier
    from bot.core.clock import SystemClock
    from bot.logs import configure_logging

    folder = data or _folder()
    configure_logging(load().log_level)
    backend = _open(folder)
    secrets = read_or_make_secrets(secret_file or folder / "secrets")
    app = make_app(backend, Verifier(secrets, backend.ledger), SystemClock())
    typer.echo(f"hệ thống xử lý cục bộ: http://{host}:{port}, hợp đồng: http://{host}:{port}/openapi.json", err=True)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()
    asyncio.run(backend.aclose())


@backend_app.command()
def verify(
    url: Annotated[str, typer.Argument(metavar="ĐỊA_CHỈ", help="Địa chỉ một hệ thống thử: phiếu thử sẽ vào đó.")],
    secret_file: SecretOption = None,
    ca_file: CaOption = None,
    client_cert: CertOption = None,
    client_key: CertKeyOption = None,
    allow_plain: Annotated[bool, typer.Option("--allow-plain", help="Cho phép http ra ngoài máy này.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
) -> None:
    """Kiểm tra từng điều khoản của hợp đồng; có điều khoản sai thì nêu tên và kết thúc với mã 1."""
    from actions.backends.client import HttpBackendSettings, make_client
    from actions.backends.secret_file import read_secrets
    from actions.backends.verify import CLAUSES, ClauseResult
    from actions.backends.verify import verify as check

    key = next(iter(read_secrets(secret_file or _folder() / "secrets").values()))
    settings = HttpBackendSettings(url, key, ca_file, client_cert, client_key, allow_plain=allow_plain)

    async def judge() -> list[ClauseResult]:
        results = []
        async with make_client(settings) as client:
            async for result in check(url, key, client):
                results.append(result)
                if not as_json:
                    detail = f"\n      {result.detail}" if result.detail else ""
                    typer.echo(
                        f"{'✓' if result.passed else '✗'} {result.number:2}. {result.name}: {result.title}{detail}"
                    )
        return results

    results = asyncio.run(judge())
    failed = [result for result in results if not result.passed]
    stopped = len(results) < len(CLAUSES)
    if as_json:
        told = {"url": url, "stopped": stopped, "clauses": [vars(r) for r in results]}
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif stopped:
        last = results[-1]
        typer.echo(f"dừng ở điều khoản {last.number} ({last.name}), chưa xét các điều khoản còn lại: {last.detail}")
    elif failed:
        names = ", ".join(f"{result.number} ({result.name})" for result in failed)
        typer.echo(f"{len(failed)} trên {len(results)} điều khoản không đạt: {names}")
    else:
        typer.echo(f"cả {len(results)} điều khoản đều đạt")
    if failed:
        raise typer.Exit(1)


@backend_app.command("list")
def list_cases(
    limit: Annotated[int, typer.Option(help="Số dòng in ra.", min=1, max=10_000)] = 20, data: DataOption = None
) -> None:
    """Liệt kê mã và trạng thái của các vụ việc mới nhất ở hệ thống cục bộ; không in nội dung."""
    ledger = _open(data or _folder()).ledger
    for reference, key, state, at in ledger.cases(limit):
        typer.echo(f"{reference}  {key}  {state}  {at + timedelta(hours=7):%d/%m/%Y %H:%M}")
    ledger.close()


@backend_app.command("set-state")
def set_state(
    reference: Annotated[str, typer.Argument(metavar="MÃ", help="Mã vụ việc ở hệ thống cục bộ (TN-0000001).")],
    state: Annotated[
        str, typer.Argument(metavar="TRẠNG_THÁI", help="received, in_progress, answered, closed, hay từ khác.")
    ],
    text: Annotated[str, typer.Option(help="Một câu về trạng thái ấy.")] = "",
    report_to: Annotated[
        str | None, typer.Option(help="Địa chỉ dịch vụ Tiếp Dân để báo ngay bằng webhook có ký.")
    ] = None,
    data: DataOption = None,
    secret_file: SecretOption = None,
) -> None:
    """Đặt trạng thái một vụ việc ở hệ thống cục bộ để thử; dịch vụ hỏi định kỳ sẽ thấy, hoặc báo ngay."""
    from bot.core.clock import SystemClock
    from bot.core.errors import TiepDanError

    if not 1 <= len(state) <= 100:
        raise TiepDanError("trạng thái phải có từ 1 đến 100 ký tự")
    folder = data or _folder()
    ledger = _open(folder).ledger
    try:
        ledger.set_state(reference, state, text, SystemClock().now())
        stored = ledger.state(reference)
    finally:
        ledger.close()
    typer.echo(f"{reference}: {state}")
    if report_to:
        from actions.backends.reporting import report_state
        from actions.backends.secret_file import read_secrets

        key = next(iter(read_secrets(secret_file or folder / "secrets").values()))
        typer.echo(f"đã báo: {asyncio.run(report_state(report_to, stored, key, SystemClock()))}")


@backend_app.command()
def openapi() -> None:
    """In hợp đồng ở dạng OpenAPI."""
    import tempfile

    from actions.backends.server import backend_app as make_app
    from bot.core.backend.signing import MemoryNonces, Verifier
    from bot.core.clock import SystemClock

    with tempfile.TemporaryDirectory() as folder:
        app = make_app(_open(Path(folder)), Verifier({}, MemoryNonces()), SystemClock())
        typer.echo(json.dumps(app.openapi(), ensure_ascii=False, indent=2))


def _folder() -> Path:
    return load().data_dir / "backend"


def _open(folder: Path) -> "LocalBackend":
    """Return the local backend of a folder, whose keys lie beside its database."""
    from actions.backends.local import LocalBackend
    from bot.core.clock import SystemClock
    from bot.store import KeyRing

    return LocalBackend.open(folder, KeyRing.load_or_create(folder / "keys"), SystemClock())
