"""The complaint sets: whole, valid, and in no training text."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.routes import Route
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry
from knowledge.complaints.examples import EXAMPLES, VALIDATION
from nlu.text import fold

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
MESSAGES = ["complaint_messages.jsonl", "other_bodies.jsonl"]
DIALOGUES = ["complaint_dialogues.jsonl"]


def lines(name: str) -> list[dict[str, Any]]:
    found = [
        json.loads(line)
        for folder in (DATA, DATA / "locked")
        for line in (folder / name).read_text(encoding="utf-8").splitlines()
    ]
    assert found
    return found


@pytest.mark.parametrize("name", [*MESSAGES, *DIALOGUES])
def test_ids_are_unique(name: str) -> None:
    ids = [line["id"] for line in lines(name)]
    assert len(set(ids)) == len(ids)


def test_there_are_as_many_as_promised() -> None:
    messages, bodies = lines("complaint_messages.jsonl"), lines("other_bodies.jsonl")
    stories = [m for m in messages if len(m["text"]) >= 110 and sum(m["text"].count(c) for c in ".!?") >= 2]
    assert len(messages) >= 150
    assert len(stories) >= 60
    assert len(bodies) >= 60
    assert len(lines("complaint_dialogues.jsonl")) >= 40


def test_routes_codes_and_units_exist() -> None:
    codes, registry = set(Taxonomy.load().codes), UnitRegistry.load()
    routes = {route.value for route in Route}
    told = set()
    for message in (*lines("complaint_messages.jsonl"), *lines("other_bodies.jsonl")):
        assert {message["expect"], *message["also_ok"]} <= routes, message["id"]
        assert set(message["behaviour"]) <= codes, message["id"]
        assert message.get("unit") is None or registry.unit(message["unit"]), message["id"]
        told |= set(message["behaviour"])
    assert told == codes


def test_no_training_text_holds_a_message() -> None:
    """Folded, so that accents and case hide nothing; texts of five words and more, as «phản ánh» is everybody's."""
    training = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "nlu" / "data").rglob("*.yml"))]
    for folder in (EXAMPLES, VALIDATION):
        training += [
            yaml.safe_dump(yaml.safe_load(p.read_text("utf-8")), allow_unicode=True, width=10**6)
            for p in sorted(folder.glob("*.yml"))
        ]
    assert len(training) > 60
    known = "\n".join(fold(text) for text in training)
    said = [m["text"] for name in MESSAGES for m in lines(name)]
    said += [turn["user"] for dialogue in lines("complaint_dialogues.jsonl") for turn in dialogue["turns"]]
    texts = [folded for text in said if len((folded := fold(text)).split()) >= 5]
    assert len(texts) > 500
    assert [text for text in texts if text in known] == []
