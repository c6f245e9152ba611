"""The talk about a case: what is taken in, what is asked, and when something is sent."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.cases.draft import Draft, Slot
from bot.core.cases.heard import Heard, StoryReader
from bot.core.cases.interview import Interview, Move, Step
from bot.core.enquiry.signals import Signal
from bot.core.kinds import InputType
from bot.core.privacy import mask
from bot.core.story import DeskKind, Identity
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry
from nlu.text import clean, fold

# Tuesday 24 November 2026, 09:30 in Hà Nội.
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
STORY = (
    "Sáng hôm qua lúc 9h tôi ra một cửa phường Cầu Giấy, chị Hoa ở quầy số 3 quát tôi trước mặt mọi người "
    "vì tôi hỏi lại giấy hẹn."
)


@dataclass(frozen=True)
class Scored:
    code: str
    share: float = 0.9


class Behaviours:
    """Stands for the trained reader with a handful of words."""

    WORDS = (("quat", "TD-XUCPHAM"), ("phong bi", "TN-HOILO"), ("cham tra", "HS-CHAM"), ("lam ngo", "TD-THOO"))

    def happened(self, text: str) -> float:
        return 1.0

    def codes(self, text: str) -> list[Scored]:
        return [Scored(code) for word, code in self.WORDS if word in fold(text)]


@pytest.fixture(scope="module")
def reader() -> StoryReader:
    return StoryReader(UnitFinder(UnitRegistry.load()), Behaviours(), Taxonomy.load())


class Talk:
    """Says messages to an interview, as the action does."""

    def __init__(self, reader: StoryReader) -> None:
        self.reader, self.interview = reader, Interview(reader)
        self.draft: Draft | None = None
        self.now = NOW
        self.steps: list[Step] = []

    def heard(self, text: str, intent: str = "report_staff", button: str | None = None) -> Heard:
        cleaned = clean(text)
        return self.reader.hear(Signal(mask(cleaned), intent, 0.9, self.now, button, None, text, "c1"))

    def say(self, text: str, intent: str = "report_staff", button: str | None = None) -> Step:
        heard = self.heard(text, intent, button)
        step = self.interview.open(heard) if self.draft is None else self.interview.hear(self.draft, heard)
        self.steps.append(step)
        self.draft = step.draft
        self.now += timedelta(minutes=1)
        return step

    def press(self, what: str) -> Step:
        return self.say("", "press_button", f"k:{what}")

    @property
    def known(self) -> Draft:
        assert self.draft is not None
        return self.draft


@pytest.fixture
def talk(reader: StoryReader) -> Talk:
    return Talk(reader)


def test_a_whole_story_needs_only_the_choice_of_identity_and_the_read_back(talk: Talk) -> None:
    step = talk.say(STORY)
    draft = talk.known
    assert (draft.unit, draft.event_date, draft.desk) == ("HN-00166", date(2026, 11, 23), DeskKind.ONE_STOP)
    assert draft.event_time is not None
    assert draft.event_time.hour == 9
    assert draft.behaviours == ("TD-XUCPHAM",)
    assert draft.staff
    assert "Hoa" in draft.staff
    assert step.draft.asked is Slot.IDENTITY
    assert talk.say("tôi muốn ẩn danh").draft.asked is Slot.REVIEW
    assert talk.say("gửi").move is Move.SEND


def test_a_two_word_opening_is_asked_at_most_eight_things(talk: Talk) -> None:
    talk.say("phản ánh cán bộ")
    asked = [talk.known.asked]
    answers = {
        Slot.NARRATIVE: "họ quát tôi rất to khi tôi hỏi giấy tờ",
        Slot.UNIT: "phường Cầu Giấy",
        Slot.DESK: "ở quầy một cửa",
        Slot.WHEN: "sáng hôm qua",
        Slot.STAFF: "bỏ qua",
        Slot.IDENTITY: "giấu tên tôi với phường",
        Slot.CONSENT: "đồng ý",
        Slot.CONTACT: "0912345678",
    }
    while asked[-1] is not Slot.REVIEW and len(asked) < 12:
        slot = asked[-1]
        assert slot is not None
        talk.say(answers[slot], "nlu_fallback")
        asked.append(talk.known.asked)
    assert asked[-1] is Slot.REVIEW
    assert len(asked) <= 9
    assert len(set(asked)) == len(asked)
    draft = talk.known
    assert (draft.unit, draft.identity, draft.consent) == ("HN-00166", Identity.HIDDEN, True)
    assert draft.contact.phone == "0912345678"
    assert "0912345678" not in draft.narrative
    assert talk.say("gửi đi").move is Move.SEND


def test_answers_to_other_questions_are_taken_in(talk: Talk) -> None:
    talk.say("cán bộ quát tôi")
    assert talk.known.asked is Slot.UNIT
    talk.say("hôm qua lúc 3 giờ chiều", "nlu_fallback")
    assert talk.known.event_date == date(2026, 11, 23)
    assert talk.known.asked is Slot.UNIT
    talk.say("tôi muốn ẩn danh nhé", "nlu_fallback")
    assert talk.known.identity is Identity.ANONYMOUS
    talk.say("ở phường Cầu Giấy", "nlu_fallback")
    assert talk.known.unit == "HN-00166"


def test_a_question_in_the_middle_is_an_aside_and_fills_nothing(talk: Talk) -> None:
    talk.say("cán bộ quát tôi")
    before = talk.known
    step = talk.say("lệ phí đăng ký lập hội ở phường Cầu Giấy là bao nhiêu?", "ask_procedure")
    assert step.move is Move.ASIDE
    assert replace(step.draft, touched_at=before.touched_at) == before


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("à nhầm, hôm kia mới đúng", "event_date", date(2026, 11, 22)),
        ("sửa lại đơn vị là phường Láng", "unit", "HN-00199"),
    ],
)
def test_a_correction_replaces_at_the_read_back(talk: Talk, words: str, slot: str, value: object) -> None:
    talk.say(STORY)
    talk.say("ẩn danh")
    step = talk.say(words, "correction")
    assert getattr(step.draft, slot) == value
    assert step.draft.asked is Slot.REVIEW


def test_asking_to_correct_without_saying_how_asks_that_slot(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("ẩn danh")
    step = talk.say("sửa lại đơn vị", "correction")
    assert step.draft.asked is Slot.UNIT
    assert step.draft.unit is None
    talk.say("phường Láng", "nlu_fallback")
    assert (talk.known.unit, talk.known.asked) == ("HN-00199", Slot.REVIEW)


def test_cancel_back_and_skip(talk: Talk) -> None:
    talk.say("cán bộ quát tôi")
    talk.say("phường Cầu Giấy", "nlu_fallback")
    assert talk.known.asked is Slot.DESK
    assert talk.say("quay lại câu trước", "nlu_fallback").draft.asked is Slot.UNIT
    talk.say("phường Láng", "nlu_fallback")
    talk.press("desk:skip")
    talk.say("không nhớ", "nlu_fallback")
    talk.say("bỏ qua", "nlu_fallback")
    assert talk.known.asked is Slot.IDENTITY
    assert talk.say("thôi không gửi nữa", "deny").move is Move.CANCEL


def test_nothing_is_sent_before_the_read_back(talk: Talk) -> None:
    talk.say(STORY)
    step = talk.say("gửi đi", "affirm")
    assert step.move is Move.STEP
    assert step.draft.asked is Slot.IDENTITY
    talk.say("ẩn danh", "nlu_fallback")
    assert talk.say("đúng rồi", "affirm").move is Move.STEP
    assert talk.press("send").move is Move.SEND


def test_a_hurried_gui_passes_over_what_may_stay_unknown(talk: Talk) -> None:
    talk.say("cán bộ quát tôi ở phường Cầu Giấy")
    talk.say("gửi luôn đi", "affirm")
    assert talk.known.asked is Slot.IDENTITY
    talk.say("gửi đi", "affirm")
    talk.say("gửi", "affirm")
    assert (talk.known.identity, talk.known.asked) == (Identity.ANONYMOUS, Slot.REVIEW)


def test_refused_consent_keeps_no_number(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("giấu tên tôi với phường, số tôi 0987654321", "nlu_fallback")
    assert talk.known.asked is Slot.CONSENT
    talk.say("không đồng ý", "deny")
    draft = talk.known
    assert (draft.consent, draft.identity, draft.contact.phone) == (False, Identity.ANONYMOUS, None)
    assert draft.asked is Slot.REVIEW


def test_a_split_ward_is_asked_and_its_former_name_kept(talk: Talk) -> None:
    step = talk.say("cán bộ phường Cống Vị cũ quát tôi hôm qua")
    assert "case_unit_split" in step.notes
    assert step.draft.asked is Slot.UNIT
    assert len(step.draft.unit_options) == 2
    assert step.draft.unit is None
    talk.say("giảng võ", "nlu_fallback")
    assert talk.known.unit == "HN-00025"
    assert "Cống Vị" in (talk.known.unit_said or "")


def test_money_in_the_middle_turns_it_into_a_restricted_denunciation(talk: Talk) -> None:
    talk.say("cán bộ phường Cầu Giấy quát tôi hôm qua")
    step = talk.say("anh ấy còn đòi phong bì 2 triệu mới chịu nhận hồ sơ của tôi", "denunciation")
    assert step.draft.input_type is InputType.TO_CAO
    assert step.draft.severity == 5
    assert "case_law_to_cao" in step.notes
    assert step.draft.story.amount == 2_000_000


def test_danger_is_answered_first_and_the_draft_is_kept(talk: Talk) -> None:
    talk.say("cán bộ phường Cầu Giấy quát tôi hôm qua")
    step = talk.say("họ đang chặn đường dọa giết tôi đây cứu tôi với", "emergency")
    assert step.move is Move.DANGER
    assert step.draft.unit == "HN-00166"


def test_a_day_of_silence_is_welcomed_back(talk: Talk) -> None:
    talk.say("cán bộ phường Cầu Giấy quát tôi hôm qua")
    talk.now += timedelta(days=1)
    step = talk.say("ở quầy một cửa nhé", "nlu_fallback")
    assert step.notes[0] == "case_welcome_back"
    assert step.draft.desk is DeskKind.ONE_STOP


def test_a_future_date_is_asked_again(talk: Talk) -> None:
    talk.say("cán bộ phường Cầu Giấy quát tôi ở quầy một cửa")
    assert talk.known.asked is Slot.WHEN
    step = talk.say("ngày 30/11/2026", "nlu_fallback")
    assert "case_when_future" in step.notes
    assert (step.draft.event_date, step.draft.asked) == (None, Slot.WHEN)


def test_a_child_is_not_asked_for_contact(talk: Talk) -> None:
    talk.say("em học lớp 7, hôm qua em đi với mẹ ra phường Cầu Giấy, cô ở một cửa quát mẹ em")
    while talk.known.asked is not Slot.REVIEW:
        slot = talk.known.asked
        assert slot not in {Slot.CONTACT, Slot.CONSENT}
        assert slot is not None
        talk.press(f"{slot.value}:{'anonymous' if slot is Slot.IDENTITY else 'skip'}")


def test_a_formal_complaint_is_only_written_down_beside_it_on_request(talk: Talk) -> None:
    step = talk.say(
        "tôi không đồng ý với quyết định số 12/QĐ-UBND của phường Láng thu hồi trợ cấp của tôi", "formal_complaint"
    )
    assert (step.draft.input_type, step.draft.asked) == (InputType.KHIEU_NAI, Slot.PARALLEL)
    assert talk.say("không", "deny").move is Move.CANCEL


def test_a_draft_survives_its_json_form(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("giấu tên, tôi đồng ý, số 0912345678", "nlu_fallback")
    assert Draft.from_json(talk.known.to_json()) == talk.known
