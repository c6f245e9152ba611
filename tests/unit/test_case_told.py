"""What an answer may not repeat of a story, and what a unit need not know of it."""

from dataclasses import replace

import pytest

from bot.core.cases.blurring import blur
from bot.core.cases.record import Story
from bot.core.cases.redaction import redact
from bot.core.cases.told import maybe_people, place_names, repeats, told_in
from bot.core.units import UnitRegistry
from tests.unit.case_examples import RECORD

PLACES = place_names(UnitRegistry.load())
STORY = (
    "Tôi là Đinh Thị Thu Hằng, số nhà 7 ngõ 12 Trần Duy Hưng. Ở phường Yên Hòa chị Hòa và anh Vương Quốc Bảo quát, "
    "mẹ tôi là bà Ngô Thị Nhàn cũng bị mắng."
)
TYPED = "toi ten hoai, nha toi o so 9 ngach 4 lang ha, can bo quat toi"


@pytest.mark.parametrize(
    ("story", "answer"),
    [
        (STORY, "Bà Đinh Thị Thu Hằng, số nhà 7, đã được xin lỗi."),
        (STORY, "Bà Hằng đã được xin lỗi."),
        (STORY, "ba dinh thi thu hang da nhan ket qua"),
        (STORY, "Đã đến tận nhà ở ngõ 12 để xin lỗi."),
        (STORY, "Người ở số nhà 7 đã nhận kết quả."),
        (STORY, "Ông Vương Quốc Bảo đã bị nhắc nhở."),
        (STORY, "Bà Nhàn và con đã nhận kết quả."),
        (TYPED, "Chị Hoài đã nhận kết quả."),
        (TYPED, "Đã đến số 9 ngách 4 Láng Hạ xin lỗi."),
        ("Đơn của tôi.", "Gọi lại số 0987 654 321."),
    ],
)
def test_answer_that_repeats_a_name_or_a_home_of_the_story_is_noticed(story: str, answer: str) -> None:
    assert repeats(answer, (), told_in([story], PLACES), PLACES)


@pytest.mark.parametrize(
    "answer",
    [
        "UBND phường Yên Hòa đã xin lỗi và bố trí lại người ở quầy 7.",
        "Nếu chưa đồng ý, gửi đơn đến Ban Tiếp công dân, số 34 Lý Thái Tổ, Hà Nội.",
        "Người dân nộp lại tại phố Trần Duy Hưng.",
        "Báo cáo số 12/BC-UBND ngày 12/3/2026 của UBND phường Yên Hòa",
        "Đã kiểm tra hình ảnh trong 12 ngày; cán bộ quát người dân là đúng.",
    ],
)
def test_answer_that_repeats_nothing_passes(answer: str) -> None:
    for story in (STORY, TYPED):
        assert not repeats(answer, (), told_in([story], PLACES), PLACES)
        assert not maybe_people(answer, PLACES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đồng chí Trần Văn Bình đã bị nhắc nhở.", ("Trần Văn Bình",)),
        ("Ông Phạm Quốc Toản và chị Thoa đã nhận.", ("Phạm Quốc Toản", "Thoa")),
        ("Ông Chủ tịch UBND phường Hoàng Mai đã xin lỗi.", ()),
        ("Sở Nội vụ Hà Nội, phường Ba Đình, xã Đông Anh", ()),
        ("Theo báo cáo của đơn vị và hình ảnh tại quầy.", ()),
    ],
)
def test_words_that_look_like_names_are_listed(text: str, words: tuple[str, ...]) -> None:
    assert maybe_people(text, PLACES) == words


@pytest.mark.parametrize(
    ("text", "blurred"),
    [
        ("Lúc 9h15 tôi đến.", "Lúc [giờ] tôi đến."),
        ("luc 9 gio toi den", "luc [giờ] toi den"),
        ("lúc 9 giờ tôi gọi", "lúc [giờ] tôi gọi"),
        ("từ 8 giờ đến 10 giờ không ai hỏi", "từ [giờ] không ai hỏi"),
        ("9 giờ sáng hôm qua, 14:30 lại ra", "[giờ] hôm qua, [giờ] lại ra"),
        ("lúc chín giờ mười lăm", "lúc [giờ]"),
        ("có anh Tuấn bảo vệ chứng kiến", "có [người chứng kiến] chứng kiến"),
        ("co ca chi ban nuoc cung nhin thay", "co ca [người chứng kiến] cung nhin thay"),
        ("Nhân chứng: chị Lan bán nước.", "Nhân chứng: [người chứng kiến]."),
    ],
)
def test_time_of_day_and_witnesses_are_gone(text: str, blurred: str) -> None:
    assert blur(text) == blurred
    assert blur(blurred) == blurred


@pytest.mark.parametrize(
    "text",
    [
        "tôi chờ 2 giờ, hơn 3 giờ liền không ai gọi",
        "chờ 2h30 phút ở quầy 3",
        "thu thừa 50.000 đồng ngày 12/3",
        "không có ai chứng kiến",
        "có rất nhiều người chứng kiến",
        "hẹn 15 ngày, đi lại 4 lần, làm việc 8 giờ một ngày",
        "tôi có một hồ sơ, anh ấy nhìn thấy tôi thì quát",
        "sáng 18/11 tôi nộp hồ sơ",
    ],
)
def test_durations_amounts_days_and_crowds_stay(text: str) -> None:
    assert blur(text) == text


def test_unit_reads_the_amount_but_neither_the_time_nor_who_saw_it() -> None:
    told = "Lúc 9h15 ngày 18/11 cán bộ thu thừa 50.000 đồng, có anh Tuấn bảo vệ chứng kiến."
    shown = redact(replace(RECORD, narrative=told, story=Story(said="9h15 tôi đã bảo rồi", amount=50_000)))
    assert shown.narrative == ("Lúc [giờ] ngày 18/11 cán bộ thu thừa 50.000 đồng, có [người chứng kiến] chứng kiến.")
    assert (shown.story.said, shown.story.amount) == ("[giờ] tôi đã bảo rồi", None)
    assert redact(shown) == shown
