"""No citizen's words in any log, in Rasa's memory of past turns, or unsealed in the database."""

from pathlib import Path

import httpx
import pytest

from bot.webclient import WebClient
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

PLANTED = [
    "con mèo tam thể nhà tôi tên là Bồ Hóng Kiwi",
    "tôi ở ngõ Chuồn Chuồn Ớt muốn lập hội ở xã cần giấy tờ gì",
    "cô Thập Tam Nương quát tôi ầm ĩ ở quầy một cửa",
]
NUMBERS = ["0987612345", "001084765432"]
NEEDLES = ["Bồ Hóng", "Chuồn Chuồn", "Thập Tam", "bo hong kiwi", "chuon chuon ot", "thap tam nuong", *NUMBERS]


@pytest.fixture(scope="module")
def conversation_id(running_stack: RunningStack) -> str:
    """Say the planted sentences and return Rasa's name of the conversation."""

    async def run() -> str:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=30) as http:
            client = WebClient(http, running_stack.evaluation_token)
            session = await client.open()
            for text in [*PLANTED, f"gọi tôi số {NUMBERS[0]}, căn cước {NUMBERS[1]}"]:
                await client.reply(session, await client.post(session, text))
            return session.id

    return running_stack.run(run())


def found_in(raw: bytes) -> list[str]:
    lowered = raw.decode("utf-8", "ignore").lower()
    escaped = raw.decode("unicode_escape", "ignore").lower()
    return [n for n in NEEDLES if n.lower() in lowered or n.lower() in escaped]


def test_search_finds_what_it_looks_for() -> None:
    assert found_in("… Bồ Hóng …".encode()) == ["Bồ Hóng"]
    assert found_in("Th\u1eadp Tam".encode("unicode_escape")) == ["Thập Tam"]


def test_logs_hold_no_words(running_stack: RunningStack, conversation_id: str) -> None:
    assert conversation_id
    logs = [p for p in running_stack.settings.logs_dir.rglob("*") if p.is_file()]
    assert {p.name for p in logs} >= {"service.log", "rasa.log"}
    assert sum(p.stat().st_size for p in logs) > 0
    assert {p.name: found_in(p.read_bytes()) for p in logs if found_in(p.read_bytes())} == {}


def test_database_files_hold_no_words(running_stack: RunningStack, conversation_id: str) -> None:
    assert conversation_id
    files = list(Path(running_stack.settings.data_dir).glob("tiepdan.db*"))
    assert files
    assert sum(p.stat().st_size for p in files) > 10_000
    assert {p.name: found_in(p.read_bytes()) for p in files if found_in(p.read_bytes())} == {}


def test_rasa_remembers_nothing(running_stack: RunningStack, conversation_id: str) -> None:
    assert conversation_id
    settings = running_stack.settings
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else ""

    async def trackers() -> list[bytes]:
        import sqlite3

        with sqlite3.connect(settings.data_dir / "tiepdan.db") as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM conversations")]
        assert ids
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.rasa_port}", timeout=30) as http:
            answers = [await http.get(f"/conversations/{i}/tracker", params={"token": token}) for i in ids]
        assert all(answer.status_code == 200 for answer in answers)
        return [answer.content for answer in answers]

    kept = running_stack.run(trackers())
    assert [found_in(raw) for raw in kept if found_in(raw)] == []
    assert all(b'"event":"user"' not in raw.replace(b" ", b"") for raw in kept)
