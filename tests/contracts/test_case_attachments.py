"""What bot.core.cases.ports.Attachments promises, on both databases."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.core.errors import CaseConflict, UnknownAttachment
from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.case_steps import attach, attachment, file, filing, handed_out
from tests.contracts.steps import NOW, start, together


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    start(store, "c", "d")
    return store


def assign(units: UnitOfWorkFactory, case: str, *ids: str) -> None:
    with units() as unit:
        unit.attachments.assign(ids, case)
        unit.commit()


def of_conversation(units: UnitOfWorkFactory, conversation: str = "c", *, unfiled: bool = False) -> list[str]:
    with units() as unit:
        return [found.id for found in unit.attachments.of_conversation(conversation, unfiled=unfiled)]


def test_a_file_comes_back_as_it_came_and_as_it_may_leave(units: UnitOfWorkFactory) -> None:
    assert attach(units, attachment("f1")) == [True]
    with units() as unit:
        assert unit.attachments.of_conversation("c") == [attachment("f1")]
        assert unit.attachments.read("f1").decode() == "sạch f1"
        assert unit.attachments.read("f1", original=True).decode() == "gốc f1"
        with pytest.raises(UnknownAttachment):
            unit.attachments.read("nothing")


def test_a_file_sent_again_is_stored_once_per_conversation(units: UnitOfWorkFactory) -> None:
    assert attach(units, attachment("f1", "same"), attachment("f2", "same"), attachment("f3", "same", "d")) == [
        True,
        False,
        True,
    ]
    assert of_conversation(units) == ["f1"]
    assert of_conversation(units, "d") == ["f3"]


def test_a_file_sent_many_times_at_once_is_stored_once(units: UnitOfWorkFactory) -> None:
    added = together(6, lambda job: attach(units, attachment(f"f{job}", "same"))[0])
    assert added.count(True) == 1
    assert of_conversation(units) == [f"f{added.index(True)}"]


def test_files_are_given_to_a_case_before_it_is_filed(units: UnitOfWorkFactory) -> None:
    attach(units, attachment("f1", seconds=2), attachment("f2", seconds=1), attachment("f3", seconds=3))
    with units() as unit:
        unit.attachments.assign(["f1", "f2"], "a")
        unit.cases.file(filing(), NOW)
        unit.commit()
    with units() as unit:
        assert [(found.id, found.case_id) for found in unit.attachments.of_case("a")] == [("f2", "a"), ("f1", "a")]
    assert of_conversation(units) == ["f2", "f1", "f3"]
    assert of_conversation(units, unfiled=True) == ["f3"]
    assert handed_out(units).payload["attachments"] == [
        {"id": id, "media_type": "image/jpeg", "sha256": f"sha-{id}", "size": 3} for id in ("f2", "f1")
    ]


def test_filing_gives_a_case_the_files_of_its_record(units: UnitOfWorkFactory) -> None:
    attach(units, attachment("f1"))
    file(units, attachments=("f1", "dropped meanwhile"))
    with units() as unit:
        assert [found.id for found in unit.attachments.of_case("a")] == ["f1"]


def test_files_cannot_be_given_to_a_case_that_is_never_filed(units: UnitOfWorkFactory) -> None:
    attach(units, attachment("f1"))
    with pytest.raises(IntegrityError):
        assign(units, "nothing", "f1")
    assert of_conversation(units, unfiled=True) == ["f1"]


def test_linked_cases_share_their_evidence(units: UnitOfWorkFactory) -> None:
    attach(units, attachment("f1"))
    file(units, "a", 1)
    file(units, "b", 2)
    assign(units, "a", "f1")
    assign(units, "b", "f1")
    assign(units, "b", "f1")
    with units() as unit:
        assert [(found.id, found.case_id) for found in unit.attachments.of_case("a")] == [("f1", "a")]
        assert [(found.id, found.case_id) for found in unit.attachments.of_case("b")] == [("f1", "b")]


def test_an_unfiled_file_is_dropped_for_good(units: UnitOfWorkFactory) -> None:
    attach(units, attachment("f1", "same"), attachment("f2"))
    file(units, attachments=("f2",))
    with units() as unit:
        unit.attachments.drop("f1")
        unit.attachments.drop("f1")
        with pytest.raises(CaseConflict):
            unit.attachments.drop("f2")
        unit.commit()
    assert of_conversation(units) == ["f2"]
    with units() as unit, pytest.raises(UnknownAttachment):
        unit.attachments.read("f1")
    assert attach(units, attachment("f3", "same")) == [True]
