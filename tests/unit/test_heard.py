"""What one message says to a complaint: the talk itself, numbers of one's own, days that were promised."""

from datetime import UTC, date, datetime

import pytest

from bot.core.cases.heard import Heard, StoryReader
from bot.core.enquiry.signals import Signal
from bot.core.privacy import mask
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry
from nlu.text import strip_accents
from tests.unit.test_interview import Scored

# Thursday 26 November 2026, 09:00 in Hà Nội.
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


class Told:
    """Stands for the trained reader: keeps what it was given, and takes every word of papers for a leak."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def happened(self, text: str) -> float:
        return 1.0

    def codes(self, text: str) -> list[Scored]:
        self.texts.append(text)
        words = ("căn cước", "cccd", "số điện thoại", "can cuoc")
        return [Scored("BM-LODULIEU")] if any(word in text.lower() for word in words) else []


def hear(raw: str, intent: str = "report_staff") -> Heard:
    reader = StoryReader(UnitFinder(UnitRegistry.load()), Told(), Taxonomy.load())
    return reader.hear(Signal(text=mask(raw), raw=raw, intent=intent, confidence=0.9, now=NOW))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hôm qua đang nói dở thì bận, giờ kể tiếp", None),
        ("hôm qua tôi đang kể giữa chừng thì mất mạng", None),
        ("tối qua em nhắn với bot chưa xong", None),
        ("kể tiếp chuyện hôm qua nhé", None),
        ("tiếp chuyện lúc nãy, cán bộ quát tôi hôm kia", 24),
        ("hôm qua đang nói dở, chuyện là hôm thứ hai tôi bị quát", 23),
        ("hôm qua tôi hỏi chưa hết câu đã bị quát", 25),
        ("hôm qua tôi ra phường, đang nói dở thì bị đuổi", 25),
        ("hôm qua cán bộ nói chuyện riêng", 25),
        ("hôm qua làm hồ sơ chưa xong", 25),
        ("hôm qua tôi bị quát", 25),
    ],
)
def test_the_day_we_spoke_is_not_the_day_it_happened(text: str, day: int | None) -> None:
    for typed in (text, strip_accents(text)):
        when = hear(typed).when
        assert (when.date if when else None) == (date(2026, 11, day) if day else None), typed


@pytest.mark.parametrize(
    "raw",
    [
        "số căn cước của tôi là 001084000999",
        "cccd cháu đây: 001084000999",
        "dạ số căn cước công dân của em 001084000999, cô ấy quát mẹ em",
        "tôi bị quát. Căn cước 001084000999",
        "gửi số điện thoại của tôi 0912345678",
    ],
)
def test_number_of_ones_own_is_no_leak(raw: str) -> None:
    for typed in (raw, strip_accents(raw)):
        assert hear(typed).judgement.behaviours == (), typed


@pytest.mark.parametrize(
    "raw",
    [
        "cán bộ đọc to số căn cước của tôi 001084000999 cho cả phòng nghe",
        "họ gửi số điện thoại của tôi 0912345678 cho cò",
        "cô ấy đăng căn cước 001084000999 lên mạng",
        "nó chụp cccd của em 001084000999 rồi gửi lên nhóm",
        "có người lấy số điện thoại 0912345678 của tôi đem bán",
        "căn cước của tôi bị đưa lên nhóm zalo",
    ],
)
def test_number_that_somebody_passed_on_stays_one(raw: str) -> None:
    assert hear(raw).judgement.behaviours == ("BM-LODULIEU",)


@pytest.mark.parametrize("raw", ["để số 0243 555 6677", "0912345678", "liên lạc qua email lan.k@gmail.com nhé"])
def test_number_that_is_left_asks_for_nobody(raw: str) -> None:
    heard = hear(raw, "talk_to_human")
    assert heard.intent != "talk_to_human"
    assert heard.contacts.phone or heard.contacts.email


@pytest.mark.parametrize(
    "raw",
    [
        "cho tôi gặp tổng đài viên, số tôi 0912345678",
        "tôi muốn nói chuyện với người thật 0912345678",
        "chuyển máy cho người trực, 0912345678",
        "cho gặp người",
    ],
)
def test_who_asks_for_somebody_gets_somebody(raw: str) -> None:
    assert hear(raw, "talk_to_human").intent == "talk_to_human"


@pytest.mark.parametrize(
    ("text", "promised", "overdue"),
    [
        ("hẹn trả ngày 10/11 mà giờ 26 rồi chưa có", date(2026, 11, 10), date(2026, 11, 10)),
        ("giấy hẹn ngày 20, đến nay vẫn im", date(2026, 11, 20), date(2026, 11, 20)),
        ("hẹn ngày 10/12 lấy", date(2026, 12, 10), None),
        ("hẹn trả ngày 26/11", date(2026, 11, 26), None),
        ("hôm qua tôi bị quát", None, None),
        ("ngày 10/11 tôi bị quát", None, None),
    ],
)
def test_promised_day_that_has_passed(text: str, promised: date | None, overdue: date | None) -> None:
    heard = hear(text)
    assert (heard.promised, heard.overdue_since) == (promised, overdue)
    assert heard.when is None or not overdue


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("lần gần nhất là thứ ba tuần này", True),
        ("lan cuoi la hom qua", True),
        ("nhầm, hôm kia", True),
        ("lần gần nhất tôi không nhớ", False),
        ("hôm qua là lần thứ ba", False),
        ("lần nào cũng thế", False),
    ],
)
def test_latest_time_replaces_a_rough_one(text: str, corrects: bool) -> None:
    assert hear(text).corrects is corrects
