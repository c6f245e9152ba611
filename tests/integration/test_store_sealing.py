"""Citizens' words at rest: sealed, bound to their row, and re-sealed under a new key while the service runs."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.core.conversation import ConversationState
from bot.core.errors import ConfigurationError, StoreUnusable
from bot.core.messages import EventKind, InboundMessage, TurnRecord
from bot.core.replies import Block, Reply
from bot.store import MAINTENANCE_BUSY_SECONDS, KeyRing, Store
from bot.store.rotation import count_by_key, reseal, rotate
from bot.store.sealing import context
from bot.store.tables.conversations import inbox, metadata
from tests.databases import sqlite_store

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PLANTED = [f"câu {place} không ai được đọc" for place in ("hỏi", "đáp", "khối", "trạng thái", "nút", "báo")]
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 12.5)


def fill(store: Store, conversation: str = "c") -> None:
    """Take one turn with the planted sentences wherever a citizen's words can stand."""
    asked, answered, block, kept, button, notice = PLANTED
    with store() as unit:
        unit.create_conversation(conversation, "web", NOW)
        unit.store_inbound(InboundMessage(conversation, "m", asked, NOW, button), 10)
        turn = unit.claim_turn(conversation, "w", NOW, 60)
        assert turn is not None
        unit.record_reply(turn.id, Reply("fee", answered, (Block("list", items=(block,)),)), RECORD)
        unit.save_state(conversation, ConversationState(case=kept), NOW)
        unit.append_event(conversation, EventKind.NOTICE, {"text": notice}, turn.id, NOW)
        unit.finish_turn(turn.id, "answered", NOW)
        unit.commit()


def words_of(sentences: list[str]) -> Iterator[bytes]:
    for sentence in sentences:
        yield sentence.encode()
        yield sentence.encode("ascii", "backslashreplace")  # as JSON escapes it
        yield sentence.encode("utf-16-le")


def test_no_citizens_word_stands_in_the_database_file(tmp_path: Path, sqlite_url: str, keys: KeyRing) -> None:
    store = Store(sqlite_url, keys)
    store.migrate()
    fill(store)
    while_open = {path.name: path.read_bytes() for path in tmp_path.glob("tiepdan.db*")}
    store.close()
    closed = {path.name: path.read_bytes() for path in tmp_path.glob("tiepdan.db*")}
    assert "tiepdan.db-wal" in while_open
    assert b"ask_procedure" in b"".join(while_open.values()), "the search does not look where the rows are"
    for content in (*while_open.values(), *closed.values()):
        assert not [word for word in words_of(PLANTED) if word in content]


def test_no_citizens_word_stands_in_any_column(store: Store) -> None:
    fill(store)
    filled = set()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            filled |= {table.name} if rows else set()
            assert not [word for word in words_of(PLANTED) if word.decode("utf-8", "ignore") in str(rows)]
            assert not [word for row in rows for cell in row for word in words_of(PLANTED) if word in _bytes(cell)]
    assert filled >= {"conversations", "turns", "inbox", "events"}


def _bytes(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()


def test_a_value_moved_to_another_row_does_not_open(store: Store) -> None:
    fill(store, "c")
    fill(store, "other")
    with store.engine.begin() as connection:
        stolen = connection.execute(select(inbox.c.body).where(inbox.c.conversation_id == "c")).scalar_one()
        connection.execute(inbox.update().where(inbox.c.conversation_id == "other").values(body=stolen, turn_id=None))
    with store() as unit, pytest.raises(ConfigurationError, match="altered or moved"):
        unit.claim_turn("other", "w", NOW, 60)


@pytest.mark.parametrize("place", [0, 1, 5, 17, -1])
def test_an_altered_value_does_not_open(keys: KeyRing, place: int) -> None:
    sealed = bytearray(keys.seal("câu".encode(), context("t", "c", 1)))
    sealed[place] ^= 1
    with pytest.raises(ConfigurationError):
        keys.open(bytes(sealed), context("t", "c", 1))


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first, second = KeyRing.load_or_create(folder), KeyRing.load_or_create(folder)
    assert first.ids() == second.ids()
    assert second.open(first.seal(b"x", b"c"), b"c") == b"x"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_unusable_keys_are_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    ring = KeyRing.load_or_create(folder)
    (key,) = folder.glob("*.key")
    secret = key.read_bytes()

    def complaint() -> str:
        with pytest.raises(ConfigurationError) as raised:
            KeyRing.load_or_create(folder)
        assert "\n" not in str(raised.value)
        return str(raised.value)

    key.chmod(0o644)
    assert f"chmod 600 {key}" in complaint()
    key.chmod(0o600)
    folder.chmod(0o755)
    assert f"chmod 700 {folder}" in complaint()
    folder.chmod(0o700)
    key.write_bytes(secret[:-1])
    assert "corrupt" in complaint()
    key.write_bytes(secret)
    stray = key.rename(folder / "mine.key")
    assert "no key's name" in complaint()
    stray.unlink()
    other = KeyRing.load_or_create(folder)
    if other.current == ring.current:  # made within the same second
        other.add_key()
        (folder / f"{ring.current:08x}.key").unlink()
        other = KeyRing(folder)
    with pytest.raises(ConfigurationError, match="missing"):
        other.open(ring.seal(b"x", b"c"), b"c")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        KeyRing.load_or_create(tmp_path / "file" / "keys")


def test_a_database_sealed_with_lost_keys_does_not_start(database_url: str, keys: KeyRing, tmp_path: Path) -> None:
    store = Store(database_url, keys)
    store.migrate()
    store.check()
    store.close()
    folder = tmp_path / "new-keys"
    fresh = KeyRing.load_or_create(folder)
    if fresh.current == keys.current:
        fresh.add_key()
        (folder / f"{keys.current:08x}.key").unlink()
        fresh = KeyRing(folder)
    store = Store(database_url, fresh)
    with pytest.raises(StoreUnusable, match="sealed with other keys"):
        store.check()
    store.close()


def test_rotation_reseals_everything_while_the_service_writes(store: Store, keys: KeyRing, tmp_path: Path) -> None:
    for number in range(30):
        fill(store, f"before-{number}")
    old = keys.current
    maintenance = Store(_url(store), KeyRing.load_or_create(tmp_path / "keys"), MAINTENANCE_BUSY_SECONDS)
    stop = threading.Event()
    written: list[str] = []

    def serve() -> None:
        while not stop.is_set():
            fill(store, name := f"during-{len(written)}")
            written.append(name)
            stop.wait(0.02)  # between processes SQLite has no queue: a service that never pauses lets nobody in

    service = threading.Thread(target=serve)
    service.start()
    try:
        batches: list[int] = []
        total = rotate(maintenance, batches.append, batch_rows=20)
    finally:
        stop.set()
        service.join()
    assert total >= 30 * 5
    assert len(batches) > 10
    assert keys.current == maintenance.keys.current != old
    assert set(count_by_key(store)) == {keys.current}
    assert written
    with store() as unit:
        for name in (*written, "before-0", "before-29"):
            assert [event.body["text"] for event in unit.events_after(name, 0)] == [PLANTED[0], PLANTED[5]]
            assert unit.state(name).case == PLANTED[3]
    maintenance.close()


def test_an_interrupted_rotation_goes_on(store: Store, keys: KeyRing) -> None:
    for number in range(10):
        fill(store, f"c{number}")
    old = keys.current

    def interrupt(rows: int) -> None:
        if rows >= 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(store, interrupt, batch_rows=4)
    assert count_by_key(store)[old] > 0
    first = count_by_key(store)[keys.current]
    assert 12 <= first < 50
    assert reseal(store) == 50 - first
    assert count_by_key(store) == {keys.current: 50}
    assert reseal(store) == 0


def test_keys_are_listed_and_rotated_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli.keys import keys_app

    monkeypatch.setenv("TIEPDAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TIEPDAN_DATABASE_URL", raising=False)
    store = sqlite_store(tmp_path)
    fill(store)
    store.close()
    run = CliRunner()
    assert "5 giá trị  (đang dùng)" in run.invoke(keys_app, ["list"]).stdout
    rotated = run.invoke(keys_app, ["rotate"])
    assert rotated.exit_code == 0, rotated.output
    assert "đã niêm phong lại 5 giá trị" in rotated.stdout
    listed = run.invoke(keys_app, ["list"]).stdout.splitlines()
    assert ["0 giá trị" in listed[0], "5 giá trị  (đang dùng)" in listed[1]] == [True, True]


def _url(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)
