"""What people taught: checked, applied to the catalogue, kept in a file."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.core.procedures import Facet
from knowledge.learned import MOST_EACH, NAME, Entry, Kind, Learned, in_use, validated
from knowledge.records import Catalogue
from nlu.text import fold
from tests.integration.small_catalogue import DAY, record, small_catalogue

CATALOGUE = small_catalogue()


def entry(id: str = "e1", text: str = "thẻ của bố em rơi mất", procedure: str = "X04", **changes: object) -> Entry:
    return Entry.model_validate({"id": id, "kind": Kind.ALIAS, "procedure_id": procedure, "text": text} | changes)


def test_what_is_fine_is_learned_in_order() -> None:
    given = [entry(), entry("e2", "làm lại thẻ bị cháy", kind=Kind.EXAMPLE, facet=Facet.STEPS)]
    learned, problems = validated(given, CATALOGUE)
    assert (list(learned.entries), problems) == (given, [])
    assert learned.asked == [("làm lại thẻ bị cháy", Facet.STEPS)]
    assert learned.folded == {fold(e.text) for e in given}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (entry(procedure="X99"), "không có thủ tục"),
        (entry(text="gọi 0912345678 nhé"), "số riêng"),
        (entry(text="thẻbốem"), "hai từ"),
        (entry(text="mất thẻ\nthương binh"), "xuống dòng"),
        (entry(text="mất thẻ\u202e thương binh"), "ký tự điều khiển"),
        (entry(text="mất thẻ thương binh"), "đã có"),
        (entry(text="MAT THE THUONG BINH"), "đã có"),
        (entry(text="Cấp lại thẻ thương binh"), "đã có"),
    ],
)
def test_what_cannot_be_learned_is_named_and_left_out(bad: Entry, why: str) -> None:
    learned, problems = validated([bad, entry("ok", "thẻ bố em cháy")], CATALOGUE)
    assert [e.id for e in learned.entries] == ["ok"]
    assert len(problems) == 1
    assert why in problems[0]


def test_of_two_that_contradict_the_later_one_is_learned() -> None:
    learned, problems = validated([entry("a"), entry("b", procedure="X05")], CATALOGUE)
    assert [e.id for e in learned.entries] == ["b"]
    assert problems[0].startswith("a:")
    again, none = validated([entry("a"), entry("b")], CATALOGUE)
    assert [e.id for e in again.entries] == ["b"]
    assert none == []


def test_a_procedure_is_not_drowned_in_names() -> None:
    many = [entry(f"e{n}", f"thẻ bố em mất lần {n}") for n in range(MOST_EACH + 5)]
    learned, problems = validated(many, CATALOGUE)
    assert len(learned.entries) == MOST_EACH
    assert len(problems) == 5


def test_every_version_of_a_procedure_gets_the_name_and_no_other() -> None:
    learned = Learned(entries=(entry(procedure="X07", text="tiền nghỉ việc hằng tháng"),))
    taught = learned.applied(CATALOGUE)
    assert all("tiền nghỉ việc hằng tháng" in r.aliases for r in taught.versions("X07"))
    assert len(taught.versions("X07")) == 2
    others = [r for r in taught.records if r.id != "X07"]
    assert others == [r for r in CATALOGUE.records if r.id != "X07"]
    assert taught.content_hash != CATALOGUE.content_hash
    assert Learned().applied(CATALOGUE) is CATALOGUE


def test_a_name_that_the_record_got_meanwhile_is_not_doubled() -> None:
    own = Catalogue([record("X1", "Lập hội", "mở hội")], DAY)
    taught = Learned(entries=(entry(procedure="X1", text="MỞ HỘI"),)).applied(own)
    assert taught.records[0].aliases == ["mở hội"]


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    learned = Learned(entries=(entry(), entry("e2", "x y", kind=Kind.EXAMPLE, facet=Facet.FEE)))
    learned.save(tmp_path / "deep" / NAME)
    assert Learned.load(tmp_path / "deep" / NAME) == learned
    assert in_use(tmp_path / "deep") == learned
    assert in_use(tmp_path) == Learned()
    assert learned.fingerprint
    assert learned.fingerprint == Learned.load(tmp_path / "deep" / NAME).fingerprint
    assert Learned().fingerprint == ""


@pytest.mark.parametrize(
    "content", ["", "[]", '{"entries": 1}', '{"entries": [{"id": "a"}]}', '{"entries": [], "more": 1}', "{"]
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        in_use(tmp_path)
    assert "\n" not in str(caught.value)
