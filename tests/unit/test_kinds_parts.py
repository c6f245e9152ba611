"""A story cut into what belongs to whom: other bodies, our offices, and what is wished for."""

import pytest

from bot.core.kinds import InputType, clauses, part_of_kind, part_of_ours
from nlu.text import strip_accents

# what another body did | what ours did; parted by a sentence, a comma, or nothing
MIXED = [
    ("Công an phường bắt tôi chờ hai tiếng.", "Sau đó tôi sang một cửa thì cô nhân viên quát tôi."),
    ("Bảo hiểm xã hội chậm trả tiền cho tôi,", "còn cán bộ chính sách xã thì mắng tôi."),
    ("Csgt vòi tôi 200k,", "ra phường xin xác nhận thì cán bộ phường đuổi tôi về."),
    ("bác sĩ quát tôi", "ra phường xin giấy xác nhận lại bị cán bộ phường đuổi về"),
    ("ngân hàng ngâm hồ sơ vay của tôi", "còn nhân viên ủy ban thì bắt tôi đi lại bốn lần"),
    ("Cô giáo đánh con tôi.", "Cán bộ xã thì cười nhạo khi tôi đến xin giấy."),
]
SUGGESTIONS = [
    (
        "Cán bộ quát tôi vì thiếu một tờ giấy.",
        "Quy định đòi tờ giấy đó là vô lý, nên bỏ đi.",
        InputType.PHAN_ANH_QDHC,
    ),
    (
        "nhân viên xã ném giấy vào mặt tôi,",
        "ngoài ra thủ tục này rườm rà quá cần rút gọn",
        InputType.PHAN_ANH_QDHC,
    ),
    ("Cô quầy 3 mắng tôi.", "Tôi cũng đề nghị lắp camera ở phòng chờ.", InputType.KIEN_NGHI),
]
WHOLE = [
    "Sáng nay tôi lên phường nộp giấy. Cô ở quầy 2 quát tôi. Tôi rất buồn.",
    "cán bộ phường xô tôi, tôi gọi công an thì họ đến lập biên bản rồi",
    "xin chào",
    "chồng tôi là công an mà cán bộ một cửa vẫn nói trống không với anh ấy",
]


def bare(text: str) -> str:
    return text.strip(" ,")


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("theirs", "ours"), MIXED)
def test_what_is_ours_is_kept_and_the_rest_is_not(theirs: str, ours: str, plain: bool) -> None:
    theirs, ours = (strip_accents(theirs), strip_accents(ours)) if plain else (theirs, ours)
    assert clauses(f"{theirs} {ours}") == (bare(theirs), bare(ours))
    for first, second in ((theirs, ours), (ours, theirs)):
        if not first.endswith((".", ",")):
            continue
        text = f"{first} {second}"
        assert clauses(text) == (bare(first), bare(second))
        assert part_of_ours(text) == bare(ours)
        assert part_of_kind(text, InputType.PHAN_ANH_HANH_VI) == bare(ours)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("told", "wished", "kind"), SUGGESTIONS)
def test_a_suggestion_is_a_part_of_its_own(told: str, wished: str, kind: InputType, plain: bool) -> None:
    told, wished = (strip_accents(told), strip_accents(wished)) if plain else (told, wished)
    text = f"{told} {wished}"
    assert part_of_kind(text, kind) == wished
    assert part_of_kind(text, InputType.PHAN_ANH_HANH_VI) == bare(told)
    assert part_of_ours(text) == text


@pytest.mark.parametrize("text", WHOLE)
def test_a_story_of_one_kind_stays_whole(text: str) -> None:
    assert clauses(text) == (text,)
    assert part_of_ours(text) == text
    assert part_of_kind(text, InputType.KIEN_NGHI) == ""


def test_nothing_of_ours_leaves_nothing() -> None:
    assert part_of_ours("Công an phường Láng quát tôi. Hôm sau họ lại bắt tôi chờ ba tiếng.") == ""
    assert clauses("") == ()
    assert part_of_ours("") == ""


def test_the_end_of_a_very_long_story_is_not_lost() -> None:
    mixed = "Công an phường quát tôi. Sang ủy ban thì cô văn thư đuổi tôi về. " + "Tôi rất buồn. " * 800 + "Hết."
    assert part_of_ours(mixed).startswith("Sang ủy ban")
    assert part_of_ours(mixed).endswith("Hết.")
