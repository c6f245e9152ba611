"""Of which kind messages are and where they go: measured on a list of our own, as written and without accents."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from bot.core.kinds import InputType, KindReading, read_kind, route_of
from bot.core.routes import Route
from nlu.text import strip_accents

LISTS = ("tuned", "later", "last")
SPELLINGS = ("as written", "without accents")
CASES = {Route.REPORT_STAFF, Route.FORMAL_COMPLAINT, Route.DENUNCIATION, Route.REGULATION_FEEDBACK}


@dataclass(frozen=True)
class Row:
    kinds: tuple[str, ...]
    routes: tuple[str, ...]
    flags: frozenset[str]
    text: str
    reading: KindReading
    route: Route


@lru_cache
def rows(name: str, spelling: str, *, intent: str | None = None) -> list[Row]:
    """Return the rows of a list, read with the intents of the trained model, or all with `intent`."""
    found = []
    lines = Path(__file__).with_name("kinds_messages.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("#"):
            continue
        listed, kinds, routes, flags, written, bare, text = line.split("\t")
        if listed != name:
            continue
        said, share, *guess = (written if spelling == SPELLINGS[0] else bare).split()
        typed = text if spelling == SPELLINGS[0] else strip_accents(text)
        said, best = (intent, None) if intent else (said, guess[0] if guess else None)
        reading = read_kind(typed, said, best, ())
        route = route_of(said, float(share), best, reading)
        found.append(
            Row(tuple(kinds.split("|")), tuple(routes.split("|")), frozenset(flags.split(",")), typed, reading, route)
        )
    assert len(found) > 60
    return found


def table(found: list[Row]) -> tuple[float, str]:
    """Return the macro-F1 over the kinds, and precision and recall of each in words, with what was misread."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    lines = []
    for row in found:
        main = row.reading.main.value
        if main in row.kinds:
            right[main] += 1
        else:
            wrong[main] += 1
            missed[row.kinds[0]] += 1
            lines.append(f"{'|'.join(row.kinds)} read as {main}: {row.text}")
    scores = []
    for kind in sorted(right | missed):
        precision = right[kind] / max(1, right[kind] + wrong[kind])
        recall = right[kind] / max(1, right[kind] + missed[kind])
        scores.append(2 * precision * recall / max(1e-9, precision + recall))
        lines.insert(0, f"{kind}: precision {precision:.2f}, recall {recall:.2f}")
    assert len(scores) >= 9
    return sum(scores) / len(scores), "\n".join(lines)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("name", "least"), [("tuned", 0.97), ("later", 0.95), ("last", 0.9)])
def test_kinds_are_read(name: str, least: float, spelling: str) -> None:
    score, told = table(rows(name, spelling))
    assert score >= least, told


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_kinds_are_read_from_content_alone(spelling: str) -> None:
    score, told = table(rows("tuned", spelling, intent="nlu_fallback"))
    assert score >= 0.85, told


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("name", "least"), [("tuned", 0.98), ("later", 0.95), ("last", 0.92)])
def test_routes_follow_content(name: str, least: float, spelling: str) -> None:
    found = rows(name, spelling)
    misrouted = [f"{'|'.join(r.routes)} sent to {r.route}: {r.text}" for r in found if r.route not in r.routes]
    assert len(misrouted) <= (1 - least) * len(found), "\n".join(misrouted)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", LISTS)
def test_no_question_about_complaints_opens_a_case(name: str, spelling: str) -> None:
    asked = [row for row in rows(name, spelling) if row.kinds == ("HOI_TTHC",)]
    assert len(asked) >= 6
    assert [(row.text, row.route) for row in asked if row.route in CASES] == []


@pytest.mark.parametrize("intent", ["report_staff", "formal_complaint", "denunciation", "nlu_fallback"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_most_questions_about_complaints_open_no_case_even_when_taken_for_one(spelling: str, intent: str) -> None:
    asked = [r for name in LISTS for r in rows(name, spelling, intent=intent) if "hyp" in r.flags]
    assert len(asked) > 50
    opened = [row.text for row in asked if row.route in CASES]
    assert len(opened) <= 0.12 * len(asked), "\n".join(opened)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_complaint_about_another_body_is_filed_with_us(spelling: str) -> None:
    about_others = [r for name in LISTS for r in rows(name, spelling) if r.routes == ("other_agency",)]
    assert len(about_others) > 60
    assert [(row.text, row.route) for row in about_others if row.route in CASES] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_other_body_is_named(spelling: str) -> None:
    named = [r for name in LISTS for r in rows(name, spelling) if any(f.startswith("agency=") for f in r.flags)]
    assert len(named) > 75
    wrong = [(r.text, r.reading.agency) for r in named if f"agency={r.reading.agency}" not in r.flags]
    assert len(wrong) <= 0.03 * len(named), wrong


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("flag", ["hyp", "money", "ours", "decision"])
def test_flags_are_found(flag: str, spelling: str) -> None:
    flagged = [r for name in LISTS for r in rows(name, spelling) if flag in r.flags]
    assert len(flagged) >= 20
    attribute = "hypothetical" if flag == "hyp" else flag
    missed = [row.text for row in flagged if not getattr(row.reading, attribute)]
    assert len(missed) <= 0.06 * len(flagged), missed


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_mixed_messages_keep_their_other_kinds(spelling: str) -> None:
    mixed = [
        (row, {InputType(f.removeprefix("others=")) for f in row.flags if f.startswith("others=")})
        for name in LISTS
        for row in rows(name, spelling)
    ]
    mixed = [(row, others) for row, others in mixed if others]
    assert len(mixed) >= 7
    assert [row.text for row, others in mixed if not others <= set(row.reading.others)] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_danger_is_named_and_nowhere_else(spelling: str) -> None:
    everything = [row for name in LISTS for row in rows(name, spelling)]
    dangers = [row for row in everything if any(f.startswith("danger=") for f in row.flags)]
    assert len(dangers) > 30
    assert [row.text for row in dangers if row.reading.danger is None] == []
    assert [row.text for row in everything if row.reading.danger and row not in dangers] == []
    wrong = [(r.text, r.reading.danger) for r in dangers if f"danger={r.reading.danger}" not in r.flags]
    assert len(wrong) <= 2, wrong
