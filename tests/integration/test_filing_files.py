"""Scans of a letter: kept sealed until it is filed, then listed with its case; nobody else sees or drops them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.cases.ports import Attachment
from bot.core.filing.scans import KEEP_UNFILED, forget_unfiled
from bot.store import Store
from channels.console.setup import MAX_FILING_BYTES, MAX_SCAN_BYTES
from tests.integration.console_client import open_desk
from tests.integration.desk_client import PEOPLE, picture
from tests.integration.hotline_rig import Rig, open_rig
from tests.integration.test_filing_api import case_of, confirm, drafted

PDF = b"%PDF-1.7 ban quet don thu"
CLIENT = "client-0001"
FILES = "/api/console/filing/files"


@pytest.fixture
def rig(store: Store) -> Rig:
    return open_rig(store)


async def add(
    rig: Rig, content: bytes, name: str, status: int = 201, who: str = "officer2", client_id: str = CLIENT
) -> Any:
    async with rig.client(who) as client:
        answer = await client.post(FILES, params={"client_id": client_id, "name": name}, content=content)
    assert answer.status_code == status, answer.text
    return answer.json()


async def waiting(rig: Rig, who: str = "officer2") -> list[str]:
    return [file["name"] for file in (await rig.get(who, f"/filing/files?client_id={CLIENT}"))["items"]]


def of_case(rig: Rig, number: str) -> list[Attachment]:
    with rig.store() as unit:
        return unit.attachments.of_case(case_of(rig, number).id)


async def test_scans_go_with_the_letter_into_its_case(rig: Rig) -> None:
    await add(rig, PDF, "don.pdf")
    await add(rig, picture(), "trang 2.png")
    assert sorted(await waiting(rig)) == ["don.pdf", "trang 2.png"]
    draft = await drafted(rig, who="officer2", source="letter", identity="anonymous")
    filed = await confirm(rig, draft, "officer2", CLIENT)
    assert sorted((file.name, file.media_type) for file in of_case(rig, filed["number"])) == [
        ("don.pdf", "application/pdf"),
        ("trang 2.png", "image/png"),
    ]
    assert await waiting(rig) == []
    case = case_of(rig, filed["number"])
    listed = sorted(file.name for file in rig.office.views.files(PEOPLE["officer2"], case.id))
    assert listed == ["don.pdf", "trang 2.png"]
    with rig.store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT name, original FROM attachments").all()
    assert all(b"don" not in bytes(name) and b"PDF" not in bytes(original) for name, original in kept)


async def test_what_is_no_scan_is_refused_in_words(rig: Rig) -> None:
    for content, code in ((b"MZ\x90\x00", "kind"), (b"ID3 am thanh", "scan"), (b"", "empty")):
        problem = await add(rig, content, "tep", status=415)
        assert problem["type"].endswith(f":file-{code}")
    assert "không nhận" in (await add(rig, b"%PDF-1.7 /JavaScript (x)", "don.pdf", status=415))["detail"]
    assert await waiting(rig) == []


async def test_the_same_scan_is_kept_once_and_may_be_taken_away(rig: Rig) -> None:
    first = await add(rig, PDF, "don.pdf")
    assert (await add(rig, PDF, "don.pdf", status=200))["id"] == first["id"]
    for who, status in (("operator", 404), ("unit", 403), ("officer2", 200), ("officer2", 404)):
        async with rig.client(who) as client:
            answer = await client.delete(f"{FILES}/{first['id']}", params={"client_id": CLIENT})
        assert answer.status_code == status, (who, answer.text)
    assert await waiting(rig) == []


async def test_nobody_elses_filing_is_seen_or_added_to(rig: Rig) -> None:
    await add(rig, PDF, "don.pdf")
    assert await waiting(rig, "operator") == []
    await add(rig, picture(), "khac.png", who="operator")
    assert await waiting(rig) == ["don.pdf"]
    await add(rig, PDF, "don.pdf", status=403, who="administrator")
    async with rig.client() as nobody:
        assert (await nobody.post(FILES, params={"client_id": CLIENT}, content=PDF)).status_code == 401


async def test_scans_of_a_filing_that_was_given_up_are_forgotten(rig: Rig) -> None:
    await add(rig, PDF, "don.pdf")
    draft = await drafted(rig, who="officer2", source="letter", identity="anonymous")
    filed = await confirm(rig, draft, "officer2", CLIENT)
    await add(rig, picture(), "bo.png", client_id="client-0002")
    for span, left in ((KEEP_UNFILED, 1), (timedelta(seconds=1), 0)):
        rig.clock.time += span
        with rig.store() as unit:
            forget_unfiled(unit, rig.clock.now())
            unit.commit()
        found = (await rig.get("officer2", "/filing/files?client_id=client-0002"))["items"]
        assert len(found) == left
    assert len(of_case(rig, filed["number"])) == 1


async def test_a_scan_may_be_larger_than_a_story_and_not_than_a_file(store: Store) -> None:
    async with open_desk(store).client() as client:
        for path, size, refused in (
            ("/filing/read", MAX_FILING_BYTES + 1, True),
            ("/filing/files", MAX_FILING_BYTES + 1, False),
            ("/filing/files", MAX_SCAN_BYTES + 1, True),
        ):
            answer = await client.post(f"/api/console{path}", content=bytes(size))
            assert (answer.status_code == 413) is refused, (path, size, answer.status_code)
