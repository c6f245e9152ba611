"""Every way of putting a day and an hour together; any text at all; how long reading takes."""

import datetime as dt
import random
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.story import Problem, appointment, contacts, event_time, story_facts
from nlu.text import clean, strip_accents
from tests.unit.test_story_dates import NOW
from tests.work import calls

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def test_ends_of_the_day_are_those_of_viet_nam() -> None:
    late = dt.datetime(2026, 11, 24, 17, 30, tzinfo=dt.UTC)  # 00:30 on the 25th in Ha Noi
    found = event_time("hôm qua", late)
    assert found is not None
    assert found.date == dt.date(2026, 11, 24)


NAMES = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
PARTS = {"sáng": range(7, 12), "chiều": range(13, 18)}


def _day(chance: random.Random, today: dt.date) -> tuple[str, dt.date] | None:
    """Return a past day and one way of naming it."""
    day = today - dt.timedelta(days=chance.randrange(1, 60))
    back, monday = (today - day).days, today - dt.timedelta(days=today.weekday())
    weekday = NAMES[day.weekday()]
    forms = [
        f"ngày {day.day}/{day.month}",
        f"hôm {day.day}/{day.month}",
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"ngày {day.day} tháng {day.month}",
        f"ngày {day.day:02d}.{day.month:02d}.{day:%y}",
        f"{back} ngày trước",
        f"cách đây {back} hôm",
    ]
    forms += [f"mùng {day.day}/{day.month}", f"mồng {day.day} tháng {day.month}"] if day.day <= 10 else []
    if monday - dt.timedelta(days=7) <= day < monday:
        forms += [f"{weekday} tuần trước", f"{weekday} tuần vừa rồi", f"tuần trước hôm {weekday}"]
        forms += [f"t{day.weekday() + 2} tuần trước"] if day.weekday() < 6 else []
    if day >= monday:
        forms += [f"{weekday} tuần này", f"hôm {weekday}"]
    if back < 7:
        forms += [weekday, f"{weekday} vừa rồi"]
    forms += {1: ["hôm qua", "hqua", "ngày hôm qua"], 2: ["hôm kia", "bữa kia"]}.get(back, [])
    if (day.year, day.month) == (today.year, today.month) or (back < 28 and day.day > today.day):
        forms += [f"ngày {day.day}", f"hôm {day.day}"]
    if day.year != today.year:
        forms = [form for form in forms if ("/" not in form and "tháng" not in form) or str(day.year) in form]
    return chance.choice(forms), day


def _hour(chance: random.Random) -> tuple[str, dt.time, str]:
    part = chance.choice(list(PARTS))
    hour, minute = chance.choice(list(PARTS[part])), chance.choice((0, 15, 30, 45))
    spoken = hour if part == "sáng" else hour - 12
    forms = [
        f"{hour}h{minute:02d}",
        f"{hour}:{minute:02d}",
        f"{spoken} giờ {minute:02d} {part}",
        f"{spoken}h{minute:02d} {part}",
    ]
    forms += [f"{hour}h", f"{spoken} giờ {part}"] if minute == 0 else []
    forms += [f"{spoken} rưỡi {part}", f"{spoken}h rưỡi {part}"] if minute == 30 else []
    forms += [f"{spoken + 1}h kém 15 {part}"] if minute == 45 and spoken < 11 else []
    return chance.choice(forms), dt.time(hour, minute), part


def test_every_way_of_naming_a_moment_is_read() -> None:
    chance = random.Random(20261124)
    wrong, count = [], 0
    for _ in range(1500):
        now = NOW + dt.timedelta(days=chance.randrange(0, 400), minutes=chance.randrange(0, 300))
        named = _day(chance, now.astimezone(VIETNAM).date())
        assert named is not None
        day_words, day = named
        hour_words, hour, part = _hour(chance)
        frame = chance.choice(
            (
                "{d} lúc {h}",
                "{h} {d}",
                "lúc {h} {d} tôi ra phường thì bị quát",
                "tôi ra phường {d} tầm {h}, bị mắng",
                "{d}",
                "{p} {d}",
            )
        )
        text = frame.format(d=day_words, h=hour_words, p=part)
        expected = (day, hour if "{h}" in frame else None)
        for typed in (text, strip_accents(text), unicodedata.normalize("NFD", text), text.upper()):
            count += 1
            found = event_time(typed, now)
            if found is None or (found.date, found.time) != expected or found.problem:
                wrong.append((typed, f"{now:%a %d/%m/%Y}", expected, found))
    assert count >= 6000
    assert len(wrong) <= 0.01 * count, wrong[:10]


def test_days_to_come_and_days_that_never_were_are_flagged() -> None:
    chance = random.Random(7)
    today = NOW.astimezone(VIETNAM).date()
    for _ in range(200):
        day = today + dt.timedelta(days=chance.randrange(1, 30))
        found = event_time(f"ngày {day.day}/{day.month}/{day.year}", NOW)
        assert found is not None
        assert (found.date, found.problem) == (day, Problem.FUTURE)
    for date, month in [(30, 2), (31, 2), (31, 4), (31, 6), (31, 9), (31, 11), (32, 1), (0, 5), (40, 12), (12, 13)]:
        for text in (f"ngày {date}/{month}", f"hôm {date}/{month}/2026", f"ngày {date} tháng {month}"):
            found = event_time(text, NOW)
            assert found is not None
            assert (found.date, found.problem) == (None, Problem.IMPOSSIBLE), text


@given(st.text(), st.integers(-(10**9), 4 * 10**9).map(lambda at: dt.datetime.fromtimestamp(at, dt.UTC)))
@settings(max_examples=300)
def test_reading_never_raises_and_knows_no_normal_form(text: str, now: dt.datetime) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    one, other = event_time(composed, now), event_time(decomposed, now)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.date, one.time, one.approximate, one.problem) == (
            other.date,
            other.time,
            other.approximate,
            other.problem,
        )
        assert clean(composed[one.start : one.end]) == clean(decomposed[other.start : other.end])
    assert appointment(composed, now) == appointment(decomposed, now)


WORDS = """
    hôm qua kia nay ngày 15/11 31/2 mùng 3 ba mười lăm tháng 9 trước tuần thứ hai t6 cn năm 2026 ngoái
    sáng chiều tối lúc 2 h 30 giờ rưỡi kém cách đây 999 hẹn trả , . ( không phải đầu cuối vừa rồi đến từ
    nãy mai
""".split()  # noqa: SIM905 (easier to read)


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.booleans())
@settings(max_examples=500)
def test_words_of_time_in_any_order_never_raise(words: list[str], accents: bool) -> None:
    text = " ".join(words) if accents else strip_accents(" ".join(words))
    found = event_time(text, NOW)
    appointment(text, NOW)
    assert found is None or 0 <= found.start < found.end <= len(text)


STORY = (
    "Sáng nay lúc 8h30 tôi ra phường, chị Hoa một cửa quát tôi ầm ĩ, bảo về mà học lại, "
    "tôi chờ 3 tiếng, đòi 500k, hẹn 15/12. "
)


@pytest.mark.parametrize(
    "unit",
    [
        STORY,
        "1 ",
        "15/11/",
        "ngày ",
        "hôm qua ",
        "anh ",
        "chị cán bộ ",
        "mười ",
        "chờ ",
        "có người ",
        "khoảng 40 tuổi đeo kính ",
        "(",
        "không phải ",
        "a",
    ],
)
@pytest.mark.timeout(60)
def test_reading_is_linear_work(unit: str) -> None:
    def read(length: int) -> None:
        text = (unit * length)[:length]
        event_time(text, NOW)
        appointment(text, NOW)
        story_facts(text)
        contacts(text)

    read(200)
    short, long = (calls(lambda n=length: read(n)) for length in (2_000, 8_000))
    assert long < 6 * short
    assert short < 50 * 2_000
    read(60_000)
