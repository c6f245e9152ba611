"""The training data: every kind of turn has enough examples of its own, and none of a measuring set."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu.text import fold, tokens

ROOT = Path(__file__).resolve().parent.parent.parent
NLU = ROOT / "nlu"
MEASURED = ROOT / "tests" / "data"
ACTIONS = {
    "action_answer": "ask_procedure follow_up choose_option correction press_button affirm deny nlu_fallback "
    "out_of_scope other_agency",
    "action_complaint": "report_staff formal_complaint denunciation regulation_feedback",
    "action_track": "track_case",
    "action_hand_over": "talk_to_human",
    "action_converse": "greeting thanks_bye capability survey abuse injection privacy_request emergency",
}


def normalised(text: str) -> str:
    """Return the words alone, without accents, case or punctuation."""
    return " ".join(fold(token.text) for token in tokens(text))


def examples() -> list[tuple[str, str]]:
    """Return (intent, text) of every training example, annotations removed."""
    found = []
    for path in sorted((NLU / "data").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in block:
                lines = [line.removeprefix("- ") for line in block["examples"].splitlines() if line.strip()]
                found += [(block["intent"], re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line)) for line in lines]
    assert len(found) > 1_000
    return found


def domain() -> dict[str, list[str]]:
    text = (NLU / "domain" / "domain.yml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    return {"intents": [next(iter(entry)) for entry in content["intents"]], "actions": content["actions"]}


def rules() -> list[tuple[str, str]]:
    text = (NLU / "data" / "rules.yml").read_text(encoding="utf-8")
    pairs = []
    for rule in yaml.safe_load(text)["rules"]:
        intent, action = rule["steps"]
        pairs.append((intent["intent"], action["action"]))
    return pairs


def test_every_intent_runs_the_one_action_it_should() -> None:
    expected = {intent: action for action, intents in ACTIONS.items() for intent in intents.split()}
    assert dict(rules()) == expected
    assert len(rules()) == len(expected)
    assert set(domain()["intents"]) | {"nlu_fallback"} == set(expected)
    assert set(domain()["actions"]) == set(ACTIONS)


def test_every_intent_has_at_least_forty_examples() -> None:
    counts = Counter(intent for intent, _ in examples())
    trained = set(domain()["intents"]) - {"press_button"}
    assert counts.pop("press_button") == 1
    assert set(counts) == trained
    assert {intent: count for intent, count in counts.items() if count < 40} == {}


def test_no_example_stands_twice() -> None:
    counts = Counter(text.casefold() for _, text in examples())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_example_without_accents_means_two_things() -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in examples():
        intents.setdefault(normalised(text) or text, set()).add(intent)
    assert {text: sorted(names) for text, names in intents.items() if len(names) > 1} == {}


def held_out(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = [cell for line in lines if not line.startswith("#") for cell in line.split("\t")[1:]]
    return {normalised(cell) for cell in cells}


# A word or two («xin chào») is common property.
def long_enough(texts: set[str]) -> set[str]:
    return {text for text in texts if len(text.split()) > 3}


@pytest.mark.parametrize("name", ["holdout.tsv", "first_messages.tsv"])
def test_the_held_out_sentences_are_not_trained_on(name: str) -> None:
    measured = long_enough(held_out(Path(__file__).with_name(name)))
    assert len(measured) > 100
    assert measured & {normalised(text) for _, text in examples()} == set()


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in strings(child)]


def test_no_text_of_the_evaluation_sets_is_trained_on() -> None:
    files = sorted(MEASURED.glob("*.jsonl"))
    assert files, "tests/data holds no evaluation sets"
    measured: set[str] = set()
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            measured |= {normalised(text) for text in strings(json.loads(line))}
    measured = long_enough(measured)
    assert measured
    assert measured & {normalised(text) for _, text in examples()} == set()
