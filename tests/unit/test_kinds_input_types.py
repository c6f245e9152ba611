"""The kinds of input as data: complete, marked, and refused when broken."""

import pytest

from bot.core.errors import ConfigurationError
from bot.core.kinds import Anonymity, InputType, InputTypes, Mark
from bot.core.kinds.input_types import packaged

TYPES = InputTypes.load()


def test_every_kind_is_there_and_has_its_place_in_the_order() -> None:
    assert sorted(TYPES.order) == sorted(InputType)
    assert all(TYPES.facts(kind).code is kind and TYPES.facts(kind).label for kind in InputType)
    assert TYPES.version


def test_the_graver_kind_decides() -> None:
    assert TYPES.first(InputType.PHAN_ANH_HANH_VI, InputType.TO_CAO, InputType.KIEN_NGHI) is InputType.TO_CAO
    assert TYPES.first(InputType.PHAN_ANH_QDHC, InputType.PHAN_ANH_HANH_VI) is InputType.PHAN_ANH_HANH_VI
    assert TYPES.order[0] is InputType.KHAN_CAP


def test_only_checked_time_limits_may_be_told() -> None:
    appeal = TYPES.facts(InputType.KHIEU_NAI)
    certain = {deadline.name for deadline in appeal.certain_deadlines}
    assert "limitation" in certain
    assert "90 ngày" in next(d.text for d in appeal.deadlines if d.name == "limitation")
    doubtful = [d for kind in InputType for d in TYPES.facts(kind).deadlines if d.mark is not Mark.VERIFIED]
    assert doubtful
    assert certain.isdisjoint(d.name for d in appeal.deadlines if d.mark is not Mark.VERIFIED)
    assert all(d.source for kind in InputType for d in TYPES.facts(kind).certain_deadlines)


def test_a_formal_complaint_needs_a_name_and_a_report_does_not() -> None:
    assert TYPES.facts(InputType.KHIEU_NAI).anonymous is Anonymity.NOT_ALLOWED
    assert not TYPES.facts(InputType.TO_CAO).may_be_anonymous
    assert TYPES.facts(InputType.PHAN_ANH_HANH_VI).may_be_anonymous
    assert TYPES.facts(InputType.KHAN_CAP).may_be_anonymous


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  "TO_CAO",\n', ""),
        ('code = "TO_CAO"', 'code = "TO_CAO_2"'),
        ('code = "TO_CAO"', 'code = "KHIEU_NAI"'),
        ('anonymous = "contact"', 'anonymous = "maybe"'),
        ('mark = "memory"', 'mark = "verified?"'),
        ('source = "thủ tục hành chính 2.002396"\n', ""),
        ("version =", "versions ="),
        ("[[type]]", "[[type"),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str) -> None:
    text = packaged()
    assert old in text
    with pytest.raises(ConfigurationError, match=r"input_types\.toml"):
        InputTypes.load(text.replace(old, new))
