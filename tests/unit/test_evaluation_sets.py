"""The project's own evaluation sets are well-formed, cover what they must and name procedures that ship."""

import datetime as dt
import json
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.procedures import Facet
from bot.core.routes import Agency, Outcome, Reason, Route

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
CATALOGUE = ROOT / "knowledge" / "catalogue"

STYLES = {"clean", "nodiac", "typo", "teencode", "dialect", "long"}
LEAST_RETRIEVAL_PER_STYLE = {"clean": 90, "nodiac": 40, "typo": 35, "teencode": 35, "dialect": 25, "long": 15}
LEAST_PER_ROUTE = {
    Route.ASK_PROCEDURE: 20,
    Route.REPORT_STAFF: 20,
    Route.FORMAL_COMPLAINT: 12,
    Route.DENUNCIATION: 12,
    Route.OTHER_AGENCY: 12,
    Route.OUT_OF_SCOPE: 12,
}
EXPECTATION_KEYS = {"outcome", "procedure", "procedures_ok", "facet", "slots"}
SLOT_VALUES: dict[str, set[Any] | None] = {
    "procedure": None,
    "due_date": None,
    "route": {r.value for r in Route},
    "reason": {r.value for r in Reason},
    "agency": {a.value for a in Agency},
    "no_case": {True, False},
}
BEHAVIOUR_CODES = {
    "TD-XUCPHAM", "TD-THOO", "PH-SACHNHIEU", "HS-GIAYTO", "HS-DILAI", "HS-TUCHOI", "HS-CHAM", "HD-SAI",
    "TN-DUNDAY", "KL-GIOGIAC", "CB-UUTIEN", "TC-THUPHI", "BM-LODULIEU", "TN-HOILO", "AT-DEDOA",
}  # fmt: skip


@cache
def read_lines(name: str) -> tuple[dict[str, Any], ...]:
    """The objects of tests/data/`name`, in file order."""
    text = (DATA / name).read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def dialogue_turns() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(dialogue, turn) for dialogue in read_lines("dialogues.jsonl") for turn in dialogue["turns"]]


def ids_in(node: Any) -> set[str]:
    """Every value of a key `id` whose mapping also has a `name`, at any depth of a YAML document."""
    if isinstance(node, list):
        return set().union(*(ids_in(child) for child in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {node["id"]} if isinstance(node.get("id"), str) and "name" in node else set()
    return own.union(*(ids_in(child) for child in node.values()))


@pytest.fixture(scope="module")
def shipped_procedures() -> set[str]:
    files = sorted(CATALOGUE.rglob("*.yaml"))
    assert files, f"no catalogue records in {CATALOGUE.relative_to(ROOT)}"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: set[str] = set()
    for file in files:
        found |= ids_in(yaml.load(file.read_text(encoding="utf-8"), Loader=loader))
    assert found, "catalogue files hold no procedure"
    return found


@pytest.mark.parametrize("name", ["retrieval.jsonl", "routing.jsonl", "dialogues.jsonl"])
def test_lines_are_nfc_and_their_ids_are_unique(name: str) -> None:
    lines = read_lines(name)
    assert lines
    assert [k for k, n in Counter(line["id"] for line in lines).items() if n > 1] == []
    assert unicodedata.is_normalized("NFC", (DATA / name).read_text(encoding="utf-8"))


def test_no_question_or_message_is_asked_twice() -> None:
    texts = [line["text"].casefold() for line in (*read_lines("retrieval.jsonl"), *read_lines("routing.jsonl"))]
    assert texts
    assert all(text == text.strip() and text for text in texts)
    assert [text for text, n in Counter(texts).items() if n > 1] == []


def test_retrieval_questions_have_known_fields_and_values() -> None:
    for question in read_lines("retrieval.jsonl"):
        assert question.keys() - {"now"} == {"id", "text", "procedures", "facet", "style"}, question["id"]
        assert question["style"] in STYLES, question["id"]
        assert Facet(question["facet"])
        assert len(question["procedures"]) == len(set(question["procedures"])), question["id"]
        if "now" in question:
            dt.datetime.fromisoformat(question["now"])


def test_retrieval_covers_every_style_and_facet_and_the_outside() -> None:
    questions = read_lines("retrieval.jsonl")
    answerable = [q for q in questions if q["procedures"]]
    styles = Counter(q["style"] for q in answerable)
    facets = Counter(q["facet"] for q in answerable)
    outside = [q for q in questions if not q["procedures"]]
    assert len(answerable) >= 240
    assert {s: styles[s] for s, least in LEAST_RETRIEVAL_PER_STYLE.items() if styles[s] < least} == {}
    assert {f: facets[f.value] for f in Facet if facets[f.value] < 10} == {}
    assert len(outside) >= 30
    assert {q["style"] for q in outside} == STYLES


def test_text_marked_without_accents_has_none() -> None:
    marked = [
        line for line in (*read_lines("retrieval.jsonl"), *read_lines("routing.jsonl")) if line["style"] == "nodiac"
    ]
    assert marked
    assert [line["id"] for line in marked if not line["text"].isascii()] == []


def test_routing_messages_have_known_fields_and_values() -> None:
    for message in read_lines("routing.jsonl"):
        assert message.keys() == {"id", "text", "expect", "also_ok", "behaviour", "style", "note"}, message["id"]
        routes = [Route(message["expect"]), *(Route(route) for route in message["also_ok"])]
        assert len(routes) == len(set(routes)), message["id"]
        assert message["style"] in STYLES, message["id"]
        assert set(message["behaviour"]) <= BEHAVIOUR_CODES, message["id"]
        assert message["note"] in {"", "must_not_open_case"}, message["id"]


def test_routing_covers_every_route_behaviour_and_style() -> None:
    messages = read_lines("routing.jsonl")
    routes = Counter(m["expect"] for m in messages)
    assert len(messages) >= 160
    assert {r: routes[r] for r in Route if routes[r] < LEAST_PER_ROUTE.get(r, 8)} == {}
    assert {code for m in messages for code in m["behaviour"]} == BEHAVIOUR_CODES
    assert {m["style"] for m in messages} == STYLES
    assert sum(m["note"] == "must_not_open_case" for m in messages) >= 10


def test_questions_that_must_not_open_a_case_expect_an_answer() -> None:
    hypothetical = [m for m in read_lines("routing.jsonl") if m["note"] == "must_not_open_case"]
    assert hypothetical
    assert {m["expect"] for m in hypothetical} == {Route.ASK_PROCEDURE}


def test_dialogues_have_known_fields_and_values() -> None:
    for dialogue in read_lines("dialogues.jsonl"):
        assert dialogue.keys() == {"id", "title", "now", "turns"}, dialogue["id"]
        assert dialogue["title"].strip(), dialogue["id"]
        dt.datetime.fromisoformat(dialogue["now"])
        assert 2 <= len(dialogue["turns"]) <= 6, dialogue["id"]
    for dialogue, turn in dialogue_turns():
        where = (dialogue["id"], turn["user"])
        expected = turn["expect"]
        assert turn["user"].strip(), where
        assert expected.keys() <= EXPECTATION_KEYS, where
        assert expected.keys() >= {"outcome", "slots"}, where
        assert Outcome(expected["outcome"])
        if "facet" in expected:
            assert Facet(expected["facet"])
        if "procedure" in expected:
            assert expected["procedures_ok"][0] == expected["procedure"], where
        for key, value in expected["slots"].items():
            assert key in SLOT_VALUES, where
            allowed = SLOT_VALUES[key]
            if allowed is not None:
                assert set(value if isinstance(value, list) else [value]) <= allowed, where


def test_dialogues_cover_the_outcomes_that_the_assistant_can_reach() -> None:
    turns = [turn["expect"] for _, turn in dialogue_turns()]
    outcomes = Counter(t["outcome"] for t in turns)
    reached = ["answered", "clarification", "refused", "small_talk", "handed_over", "complaint_step"]
    assert len(read_lines("dialogues.jsonl")) >= 35
    assert {o: outcomes[o] for o in reached if outcomes[o] < 2} == {}
    assert {t["facet"] for t in turns if "facet" in t} >= {f.value for f in Facet} - {"general"}


def test_expected_due_dates_are_weekdays_after_the_filing_day() -> None:
    dated = [
        (dialogue, turn["expect"]["slots"]["due_date"])
        for dialogue, turn in dialogue_turns()
        if "due_date" in turn["expect"]["slots"]
    ]
    assert len(dated) >= 5
    for dialogue, due in dated:
        filed = dt.datetime.fromisoformat(dialogue["now"]).date()
        assert filed.weekday() < 5, dialogue["id"]
        assert dt.date.fromisoformat(due) > filed, dialogue["id"]
        assert dt.date.fromisoformat(due).weekday() < 5, dialogue["id"]


def test_every_expected_procedure_ships(shipped_procedures: set[str]) -> None:
    expected = {p for q in read_lines("retrieval.jsonl") for p in q["procedures"]}
    for _, turn in dialogue_turns():
        expected |= set(turn["expect"].get("procedures_ok", []))
    assert len(expected) > 100
    assert expected - shipped_procedures == set()
