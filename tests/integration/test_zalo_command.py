"""`tiepdan zalo login` as its own process, against the fake Zalo: consent, the address pasted, tokens sealed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from bot.store import KeyRing, Store
from bot.store.channels.tokens import SealedTokens
from channels.zalo.tokens import TokenState
from tests.fakes.zalo import FakeZalo
from tests.integration.zalo_steps import zalo_settings


class _Stays(HTTPRedirectHandler):
    """Shows where one is sent, and does not go there."""

    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with FakeZalo() as fake:
        yield fake


def environment(zalo: FakeZalo, tmp_path: Path) -> dict[str, str]:
    given = zalo_settings(zalo).model_dump(exclude_defaults=True)
    values = {
        f"TIEPDAN_ZALO__{name.upper()}": value.get_secret_value()
        if hasattr(value, "get_secret_value")
        else str(value)
        for name, value in given.items()
    }
    return {**os.environ, **values, "TIEPDAN_DATA_DIR": str(tmp_path)}


def consent(link: str) -> str:
    """Press «agree» and return the address that the browser would show."""
    try:
        build_opener(_Stays).open(link)
    except OSError as answer:  # a redirect that is not followed
        return str(answer.headers["location"])  # type: ignore[attr-defined]
    raise AssertionError("no redirect")


def run(zalo: FakeZalo, tmp_path: Path, *, spoiled: bool = False) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "zalo", "login"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(zalo, tmp_path),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = ""
    while "/v4/oa/permission?" not in said and (line := process.stdout.readline()):
        said += line
    link = next(word for word in said.split() if "/v4/oa/permission?" in word)
    address = consent(link)
    rest, _ = process.communicate((address.replace("state=", "state=x") if spoiled else address) + "\n", timeout=60)
    return process.returncode, said + rest


def stored(tmp_path: Path) -> TokenState | None:
    (path,) = tmp_path.glob("*.db")
    store = Store(f"sqlite:///{path}", KeyRing.load_or_create(tmp_path / "keys"))
    try:
        return SealedTokens(store, "zalo", TokenState).load()
    finally:
        store.close()


def test_logging_in_keeps_the_pair_sealed(zalo: FakeZalo, tmp_path: Path) -> None:
    code, said = run(zalo, tmp_path)
    assert code == 0, said
    assert "Đã lưu" in said
    state = stored(tmp_path)
    assert state is not None
    assert state.access
    assert state.access not in said
    assert not any(state.access.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_an_address_of_another_login_is_refused(zalo: FakeZalo, tmp_path: Path) -> None:
    code, said = run(zalo, tmp_path, spoiled=True)
    assert code != 0
    assert "chạy lại lệnh này" in said
    assert stored(tmp_path) is None
