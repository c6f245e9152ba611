"""Cases at rest: sealed, bound to their row, filed whole or not at all, and re-sealed under a new key."""

import hashlib
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, event, select

from bot.core.cases.office_ports import Rating, Task
from bot.core.cases.record import Contact
from bot.core.cases.state import Answer, CaseFilter, Finding
from bot.core.errors import ConfigurationError
from bot.store import KeyRing, Store
from bot.store.rotation import count_by_key, rotate
from bot.store.tables.cases import SEALED_CASES, cases
from bot.store.tables.conversations import metadata
from tests.contracts.case_steps import RECORD, attachment, filing, handed_out, number_of
from tests.contracts.steps import NOW, start
from tests.integration.test_store_processes import in_child, kill_at
from tests.integration.test_store_sealing import words_of

PHONE, EMAIL = "0912 345 678", "hanh.nguyen@example.vn"
CONTACT = Contact("Nguyễn Thị Hạnh", PHONE, EMAIL)
PLANTED = {
    "narrative": "câu chuyện không ai được đọc",
    "narrative_raw": "câu chuyện nguyên văn của chị Hạnh",
    "staff": "Trần Văn Bắc",
    "counter": "quầy số năm",
    "dossier_code": "H26.1-261118-0007",
    "unit_former": "phường Quan Hoa cũ",
}
LATER = {
    "heard": "lời nghe được trong đoạn ghi âm",
    "body": "điều thêm vào sau",
    "answer": "lời trả lời của đơn vị",
    "note": "việc phải gọi lại",
    "comment": "nhận xét của người dân",
    "rated": "H26.9-261101-0042",
    "name": "tệp bí mật.jpg",
    "original": "nội dung gốc của tệp",
    "clean": "nội dung sạch của tệp",
    "told": "lý do hệ thống từ chối",
}
ANSWER = Answer(Finding.TRUE, LATER["answer"], "có ghi âm", "12/TB", "kiến nghị lên Sở")


def fill_case(store: Store, case: str = "a", serial: int = 1, conversation: str = "c") -> None:
    """File a case with the planted words wherever a citizen's words can stand."""
    record = replace(RECORD, **PLANTED, contact=CONTACT, attachments=(f"f-{case}",))
    file = replace(attachment(f"f-{case}", conversation=conversation), name=LATER["name"])
    with store() as unit:
        unit.attachments.add(file, LATER["original"].encode(), LATER["clean"].encode())
        unit.attachments.note_heard(file.id, LATER["heard"])
        unit.cases.file(replace(filing(case, serial, conversation), record=record), NOW)
        unit.cases.change(case, "added", "citizen", NOW, {"text": LATER["body"]}, notify_backend=True)
        unit.cases.change(case, "answered", "minh", NOW, answer=ANSWER)
        unit.tasks.add(Task(f"t-{case}", "call_back", case, None, LATER["note"], NOW, NOW))
        unit.ratings.add(Rating(f"r-{case}", conversation, 2, NOW, case, LATER["rated"], LATER["comment"]))
        unit.audit.append("lan", "auditor", "case.open", case, "kiểm tra", NOW)
        unit.commit()


def secrets() -> list[bytes]:
    """Return what must not stand anywhere: the planted words, and a phone number however it is written or hashed."""
    sentences = [*PLANTED.values(), *LATER.values(), CONTACT.name or "", EMAIL]
    written = [PHONE, "0912345678", "912345678", "345 678"]
    hashed = [hashlib.new(name, text.encode()).hexdigest() for name in ("sha256", "md5", "sha1") for text in written]
    return [*words_of([*sentences, *written]), *(text.encode() for text in hashed)]


def test_no_word_of_a_case_stands_in_the_database_file(tmp_path: Path, sqlite_url: str, keys: KeyRing) -> None:
    store = Store(sqlite_url, keys)
    store.migrate()
    start(store)
    fill_case(store)
    row = handed_out(store)
    with store() as unit:
        unit.outbox.refused(row.id, "thiếu đơn vị", NOW)
        unit.commit()
    while_open = [path.read_bytes() for path in tmp_path.glob("tiepdan.db*")]
    store.close()
    contents = [*while_open, *(path.read_bytes() for path in tmp_path.glob("tiepdan.db*"))]
    assert number_of(1).encode() in b"".join(while_open), "the search does not look where the rows are"
    assert len(secrets()) > 40
    for content in contents:
        assert not [word for word in secrets() if word in content]


def test_no_word_of_a_case_stands_in_any_column(store: Store) -> None:
    start(store)
    fill_case(store)
    filled = set()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                filled.add(table.name)
                for cell in row:
                    content = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    assert not [word for word in secrets() if word in content], table.name
        for _, column in SEALED_CASES:
            assert connection.execute(select(column).where(column.is_not(None))).first(), column
    assert filled >= {"cases", "case_events", "outbox", "attachments", "tasks", "ratings", "audit", "lookup_keys"}


@pytest.mark.parametrize("column", [c for t, c in SEALED_CASES if t is cases], ids=lambda column: column.name)
def test_a_part_moved_to_another_case_does_not_open(store: Store, column: Column[bytes]) -> None:
    start(store)
    fill_case(store, "a", 1)
    fill_case(store, "b", 2)
    with store.engine.begin() as connection:
        stolen = connection.execute(select(column).where(cases.c.id == "a")).scalar_one()
        connection.execute(cases.update().where(cases.c.id == "b").values({column.name: stolen}))
    with store() as unit, pytest.raises(ConfigurationError, match="altered or moved"):
        unit.cases.case("b")


def test_rotation_reseals_cases_and_keeps_people_and_the_audit_known(store: Store, keys: KeyRing) -> None:
    start(store, "c", "d")
    for serial in range(8):
        fill_case(store, f"case-{serial}", serial, "c" if serial % 2 else "d")
    old = keys.current
    with store() as unit:
        before = [unit.cases.timeline(f"case-{serial}") for serial in range(8)]
    assert rotate(store, batch_rows=3) >= 8 * 12
    assert set(count_by_key(store)) == {keys.current} != {old}
    stranger = replace(filing("new", 99, "e"), record=replace(RECORD, contact=Contact(None, "+84912345678")))
    with store() as unit:
        assert [unit.cases.timeline(f"case-{serial}") for serial in range(8)] == before
        found = unit.cases.list(CaseFilter())
        assert {case.record.narrative_raw for case in found} == {PLANTED["narrative_raw"]}
        assert {case.record.staff for case in found} == {PLANTED["staff"]}
        assert {case.answer for case in found} == {ANSWER}
        assert len(unit.cases.similar(stranger)[0]) == 8, "the same phone is known again under another key"
        assert unit.attachments.read("f-case-3", original=True).decode() == LATER["original"]
        assert unit.attachments.read("f-case-3").decode() == LATER["clean"]
        assert unit.attachments.of_case("case-3")[0].name == LATER["name"]
        assert {task.note for task in unit.tasks.open()} == {LATER["note"]}
        assert unit.audit.verify() is None
        assert unit.audit.append("lan", "auditor", "case.open", "a", "tiếp", NOW).sequence == 9
        assert unit.audit.verify() is None
        row = unit.outbox.claim("w", NOW, 60)
        assert row is not None
        assert row.payload["staff_ref"] == PLANTED["staff"]


def test_the_start_does_not_take_longer_with_many_cases(store: Store) -> None:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(store.engine, "before_cursor_execute", count)
    store.check()
    empty, statements = statements, 0
    start(store)
    for serial in range(10):
        fill_case(store, f"case-{serial}", serial)
    statements = 0
    store.check()
    assert 0 < statements <= empty


def test_a_process_killed_while_filing_leaves_a_whole_case_or_none(
    store: Store, migrated_url: str, keys: KeyRing
) -> None:
    start(store)
    died = 0
    for step in range(1, 100):
        name = f"case-{step}"
        store.close()  # no connection is carried into the fork

        def work(name: str = name, step: int = step) -> None:
            mine = Store(migrated_url, keys)
            kill_at(mine, step)
            fill_case(mine, name, step)
            mine.close()

        status = in_child(work)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        died += 1
        with store() as unit:
            assert unit.cases.by_number(number_of(step)) is None
            assert unit.outbox.counts()["waiting"] == 0
            assert unit.attachments.of_conversation("c") == []
            assert unit.audit.entries() == []
        with store() as unit:  # the citizen may confirm again
            assert unit.cases.file(filing(name, step), NOW + timedelta(minutes=5))
    assert died >= 15, "filing has fewer statements than its steps"
    with store() as unit:
        assert len(unit.cases.timeline(name)) == 3
        assert unit.audit.verify() is None
