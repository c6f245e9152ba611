"""`tiepdan keys`: the keys that seal citizens' words in the database."""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import typer

from bot.settings import load
from bot.store import MAINTENANCE_BUSY_SECONDS, KeyRing, Store
from bot.store.rotation import count_by_key, reseal
from bot.store.rotation import rotate as rotate_keys

keys_app = typer.Typer(help="Xem và thay khóa niêm phong.", no_args_is_help=True, add_completion=False)


@keys_app.command("list")
def list_keys() -> None:
    """Liệt kê các khóa, ngày tạo và số giá trị mỗi khóa đang niêm phong."""
    store = _open()
    counts = count_by_key(store)
    for key_id in store.keys.ids():
        made = datetime.fromtimestamp(key_id, ZoneInfo("Asia/Ho_Chi_Minh"))
        mark = "  (đang dùng)" if key_id == store.keys.current else ""
        typer.echo(f"{key_id:08x}  tạo {made:%d/%m/%Y %H:%M}  {counts.pop(key_id, 0)} giá trị{mark}")
    for key_id, values in counts.items():
        typer.echo(f"{key_id:08x}  THIẾU KHÓA  {values} giá trị không mở được")
    store.close()


@keys_app.command()
def rotate(
    go_on: bool = typer.Option(False, "--continue", help="Làm tiếp lần thay khóa bị ngắt, không tạo thêm khóa."),
) -> None:
    """Tạo khóa mới và niêm phong lại mọi giá trị theo khóa ấy.

    Dịch vụ có thể vẫn chạy, miễn là dùng chung thư mục khóa này; với nhiều máy, hãy chép khóa mới sang các máy kia
    rồi chạy lại với --continue. Khóa cũ được giữ lại vì các bản sao lưu còn cần đến.
    """
    store = _open()
    resealed = reseal(store, _progress) if go_on else rotate_keys(store, _progress)
    store.close()
    typer.echo(f"đã niêm phong lại {resealed} giá trị; khóa đang dùng: {store.keys.current:08x}")


def _open() -> Store:
    settings = load()
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir), MAINTENANCE_BUSY_SECONDS)
    store.migrate()
    store.check()
    return store


def _progress(values: int) -> None:
    sys.stderr.write(f"\r{values}")
    sys.stderr.flush()
