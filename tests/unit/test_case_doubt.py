"""The question «did it happen, or are you asking»: what is held, and which answers are understood."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.cases.doubt import ASKS_BUTTON, DOUBT_BUTTON, CaseDoubt
from bot.core.enquiry.signals import Signal
from bot.core.phrases import load_phrases
from bot.core.routes import Route

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def doubt() -> CaseDoubt:
    return CaseDoubt(load_phrases(None))


def said(text: str, button: str | None = None) -> Signal:
    return Signal(text=text, button=button, intent="nlu_fallback", confidence=0.2, now=NOW, raw=text)


@pytest.mark.parametrize(
    "text",
    [
        "đã xảy ra rồi",
        "da xay ra",
        "rồi ạ",
        "có",
        "vâng đúng rồi",
        "tôi muốn phản ánh",
        "chuyện thật",
        "bi that ma",
        "ghi giúp tôi",
    ],
)
def test_it_happened(doubt: CaseDoubt, text: str) -> None:
    assert doubt.answer(said(text)) is True


@pytest.mark.parametrize(
    "text",
    [
        "tôi chỉ hỏi thôi",
        "hoi truoc cho biet",
        "chưa bị gì cả",
        "không",
        "em hỏi chơi",
        "chưa",
        "mình đang hỏi giùm bạn",
    ],
)
def test_it_is_a_question(doubt: CaseDoubt, text: str) -> None:
    assert doubt.answer(said(text)) is False


@pytest.mark.parametrize(
    "text",
    [
        "muốn lập hội thì cần giấy tờ gì",
        "hôm thứ hai tôi ra phường nộp giấy thì chị ở quầy ngồi bấm điện thoại không thèm nhìn",
        "lệ phí bao nhiêu tiền",
    ],
)
def test_anything_else_is_no_answer(doubt: CaseDoubt, text: str) -> None:
    assert doubt.answer(said(text)) is None


def test_buttons_answer(doubt: CaseDoubt) -> None:
    assert doubt.answer(said("", DOUBT_BUTTON)) is True
    assert doubt.answer(said("", ASKS_BUTTON)) is False
    assert doubt.answer(said("", "k:open")) is None


def test_the_held_words_are_told_masked(doubt: CaseDoubt) -> None:
    told = doubt.told(replace(said("rồi"), button=DOUBT_BUTTON), "chị ấy đòi 200k, gọi tôi 0912 345 678", None)
    assert told.intent == "report_staff"
    assert told.button is None
    assert "0912" not in told.text
    assert "0912 345 678" in told.raw


def test_feedback_on_a_rule_stays_what_it_is(doubt: CaseDoubt) -> None:
    told = doubt.told(said("ghi góp ý giúp tôi"), "thủ tục này rườm rà", Route.REGULATION_FEEDBACK.value)
    assert told.intent == "regulation_feedback"
    assert doubt.answer(said("ghi góp ý của tôi")) is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("góp ý", True),
        ("tôi muốn gửi góp ý", True),
        ("tôi muốn góp ý về hội", True),
        ("góp ý chứ không hỏi", True),
        ("tôi hỏi", False),
        ("hỏi", False),
    ],
)
def test_wanting_to_propose_is_an_answer(doubt: CaseDoubt, text: str, answer: bool) -> None:
    assert doubt.answer(said(text)) is answer
