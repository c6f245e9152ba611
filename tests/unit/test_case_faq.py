"""Questions about complaining itself: told from stories, from answers and from questions on procedures."""

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from bot.core.attachments import FileLimits
from bot.core.cases.draft import Draft
from bot.core.cases.faq import MAX_CHARACTERS, MAX_WORDS, Faq
from bot.core.errors import ConfigurationError
from bot.core.kinds import InputType
from bot.core.phrases import Contacts, Phrases, load_phrases
from bot.core.story import Identity

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DRAFT = Draft(InputType.PHAN_ANH_HANH_VI, NOW, NOW)


def _messages() -> list[tuple[str, str]]:
    text = (Path(__file__).parent / "case_faq_messages.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return [(topic, message) for topic, message in rows]


MESSAGES = _messages()
ASKED = [(topic, text) for topic, text in MESSAGES if topic.isidentifier()]
DRAFTING = [(topic[:-1], text) for topic, text in MESSAGES if topic.endswith("?")]
OTHER = [text for topic, text in MESSAGES if topic.startswith("-")]


@pytest.fixture(scope="module")
def faq() -> Faq:
    return Faq.load()


@pytest.fixture(scope="module")
def phrases(faq: Faq) -> Phrases:
    contacts: Contacts = load_phrases().contacts
    return Phrases(faq.acts(), contacts)


@pytest.mark.parametrize(("topic", "text"), ASKED)
def test_a_question_about_complaining_is_known(faq: Faq, topic: str, text: str) -> None:
    assert faq.topic(text) == topic
    assert faq.topic(text, drafting=True) == topic


@pytest.mark.parametrize(("topic", "text"), DRAFTING)
def test_a_question_that_names_nothing_counts_while_a_complaint_is_told(faq: Faq, topic: str, text: str) -> None:
    assert faq.topic(text, drafting=True) == topic
    assert faq.topic(text) in {None, topic}


@pytest.mark.parametrize(
    "text", ["bao lâu có kết quả", "có mất tiền không", "tôi có phải lên phường không", "rồi sao"]
)
def test_what_may_be_asked_of_a_procedure_is_not_taken_without_a_complaint(faq: Faq, text: str) -> None:
    assert faq.topic(text) is None


@pytest.mark.parametrize("text", OTHER)
def test_stories_procedures_and_answers_are_no_such_question(faq: Faq, text: str) -> None:
    assert faq.topic(text) is None
    assert faq.topic(text, drafting=True) is None


def test_no_story_of_the_complaint_examples_is_such_a_question(faq: Faq) -> None:
    folder = resources.files("knowledge.complaints") / "examples"
    files = [file for file in folder.iterdir() if file.name[:2].isupper()]
    stories = [line.strip(" -'\"\n") for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(stories) > 1_500
    assert [(faq.topic(story, drafting=True), story) for story in stories if faq.topic(story, drafting=True)] == []


def test_every_topic_has_enough_own_wordings_and_there_are_many_negatives(faq: Faq) -> None:
    counts = Counter(topic for topic, _ in ASKED)
    assert set(counts) == set(faq.topics)
    assert min(counts.values()) >= 8
    assert len(OTHER) >= 80


def test_a_long_message_is_a_story_whatever_it_asks(faq: Faq) -> None:
    story = "sáng thứ hai tôi ra một cửa nộp giấy, chờ hai tiếng thì cô ở quầy ba bỏ đi, " * 2
    assert len(story.split()) > MAX_WORDS
    assert faq.topic(f"{story} phản ánh có mất tiền không") is None


@pytest.mark.timeout(60)
def test_reading_takes_no_longer_than_its_length_allows(faq: Faq) -> None:
    faq.topic("phản ánh có mất tiền không")
    for part in (
        "họ biết tôi là ai gửi ",
        "có bị có bị ",
        "phản ánh khiếu nại ",
        "đưa tiền có bị tội ",
        "a",
        "không ",
    ):
        for text in (part * 2_000, (part * 200)[:MAX_CHARACTERS], (part * 34)[: MAX_WORDS * 4]):
            faq.topic(text, drafting=True)


def test_answers_are_short_and_complete(faq: Faq, phrases: Phrases) -> None:
    for key, act in faq.acts().items():
        assert len(act["text"].split()) <= 55, key
        said = phrases.say(key, "bác", max_files=10, max_mb=10)
        assert "{" not in said, key
        assert len(said.split()) <= 64, key  # the lines' names fill it
        assert "anh/chị" not in said


def test_answers_are_acts_of_their_own_and_can_be_said(faq: Faq) -> None:
    assert all(act.startswith("faq_") for act in faq.acts())
    assert set(faq.acts()) <= set(load_phrases().acts())
    assert not [act for act in load_phrases().acts() if act.startswith("faq_") and act not in faq.acts()]


@pytest.mark.parametrize(
    ("topic", "changes", "key"),
    [
        ("identity", {}, "faq_identity"),
        ("identity", {"identity": Identity.ANONYMOUS}, "faq_identity_anonymous"),
        ("identity", {"identity": Identity.HIDDEN}, "faq_identity_hidden"),
        ("identity", {"identity": Identity.NAMED}, "faq_identity_named"),
        ("identity", {"identity": Identity.NAMED, "severity": 5}, "faq_identity_restricted"),
        ("identity", {"input_type": InputType.TO_CAO}, "faq_identity_restricted"),
        ("family", {"identity": Identity.HIDDEN}, "faq_family"),
        ("time", {}, "faq_time_PHAN_ANH_HANH_VI"),
        ("time", {"input_type": InputType.KHIEU_NAI}, "faq_time_KHIEU_NAI"),
        ("time", {"input_type": InputType.TO_CAO}, "faq_time_restricted"),
        ("time", {"severity": 5}, "faq_time_restricted"),  # no day is promised when it is sent
        ("withdraw", {}, "faq_withdraw_draft"),
        ("withdraw", {"input_type": InputType.TO_CAO}, "faq_withdraw_TO_CAO"),
        ("on_behalf", {"input_type": InputType.KHIEU_NAI}, "faq_on_behalf_KHIEU_NAI"),
        ("cost", {"input_type": InputType.KHIEU_NAI}, "faq_cost"),
        ("called", {"identity": Identity.ANONYMOUS}, "faq_called_anonymous"),
        ("elsewhere", {"severity": 5}, "faq_elsewhere_restricted"),
    ],
)
def test_the_answer_fits_the_draft(faq: Faq, topic: str, changes: dict[str, object], key: str) -> None:
    assert faq.answer_key(topic, replace(DRAFT, **changes)) == key  # type: ignore[arg-type]
    assert key in faq.acts()


def test_every_answer_can_be_reached_and_every_key_exists(faq: Faq) -> None:
    reached = {faq.answer_key(topic) for topic in faq.topics}
    for topic in faq.topics:
        for kind in InputType:
            for identity in (None, *Identity):
                for severity in (1, 5):
                    draft = replace(DRAFT, input_type=kind, identity=identity, severity=severity)
                    reached.add(faq.answer_key(topic, draft))
    assert reached == set(faq.acts())
    with pytest.raises(KeyError):
        faq.answer_key("weather")


def test_days_and_limits_are_those_of_the_data(faq: Faq) -> None:
    rules = tomllib.loads((resources.files("bot.core") / "data" / "deadlines.toml").read_text(encoding="utf-8"))[
        "rule"
    ]
    first = {rule["kind"]: rule for rule in rules if rule["step"] == "first_answer"}
    for kind, rule in first.items():
        assert rule["unit"] == "working_days"
        assert f"{rule['value']:02} ngày làm việc" in faq.acts()[f"faq_time_{kind}"]["text"]
    assert "PHAN_ANH_QDHC" not in first
    assert "không dám hẹn" in faq.acts()["faq_time_PHAN_ANH_QDHC"]["text"]
    assert "{max_files}" in faq.acts()["faq_files"]["text"]
    assert FileLimits().max_bytes % (1024 * 1024) == 0


def test_the_law_on_given_money_is_told_with_its_source_and_without_a_verdict(faq: Faq) -> None:
    text = faq.acts()["faq_gave_money"]["text"]
    assert "hoản 7 Điều 364" in text
    assert "công an" in text
    assert "{You} có tội" not in text
    assert "{You} không có tội" not in text


@pytest.mark.parametrize("text", ["", "version = 1", "words = 3", "[words]\n[guards]\n"])
def test_a_broken_file_is_one_clear_error(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"case_faq\.toml is unusable"):
        Faq.load(text)
