"""A death in the family is told from things that are lost and from deaths long ago."""

import pytest

from bot.core.enquiry.bereaved import bereaved


@pytest.mark.parametrize(
    "text",
    [
        "Bố tôi vừa mất, ông là thương binh",
        "me em moi mat hom qua thi lam gi",
        "ông nội cháu mới qua đời tuần trước",
        "ba tui là thương binh mất hôm qua",
        "mẹ chồng tôi là mẹ liệt sĩ, mất được ba hôm",
        "Chồng em từ trần hôm thứ hai vừa rồi",
        "bác nhà tôi mất sáng nay",
    ],
)
def test_a_fresh_death_is_heard(text: str) -> None:
    assert bereaved(text)


@pytest.mark.parametrize(
    "text",
    [
        "bố tôi vừa mất giấy chứng nhận thương binh",
        "em mới mất việc tuần trước",
        "ông nội tôi hy sinh năm 1968",
        "mẹ em mất thẻ hôm qua",
        "con tôi mới mất một cái xe",
        "mất mấy ngày thì xong",
        "chồng tôi mất năm 1972 ở Quảng Trị",
        "cô ấy vừa đi rồi",
        "mẹ em vừa mất ví",
        "con tôi vừa mất học bổng",
        "em bị mất hôm qua",
        "mẹ em làm mất hôm qua",
        "ông ấy mất 2 tuần nay chưa trả hồ sơ",
        "anh cán bộ làm tôi mất 3 ngày",
        "vợ tôi mới mất ngủ",
        "",
    ],
)
def test_what_is_lost_or_long_ago_is_not_mourned(text: str) -> None:
    assert not bereaved(text)
