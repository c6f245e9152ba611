"""The trained model on sentences that it has not seen: as written, without accents, in chat spelling."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from nlu.build import MODEL_NAME, STAMP_NAME, fingerprint
from nlu.text import strip_accents

ROOT = Path(__file__).resolve().parent.parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL_FOLDER = ROOT / "var" / "rasa"

# What an intent that is no route comes to as a first message.
ROUTES = {"capability": "greeting", "follow_up": "ask_procedure", "choose_option": "ask_procedure"}
SPELLINGS = ("as written", "without accents", "chat spelling")
STYLES = ("clean", "nodiac", "typo", "teencode", "dialect", "long")
COMPLAINTS = {"report_staff", "formal_complaint", "denunciation"}


def rows(name: str) -> list[list[str]]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def groups() -> dict[str, list[tuple[str, str]]]:
    """Return (intent, or routes that are right with a bar between; text) by spelling and by style."""
    held_out, first = rows("holdout.tsv"), rows("first_messages.tsv")
    return {
        "as written": [(row[0], row[1]) for row in held_out],
        "without accents": [(row[0], strip_accents(row[1])) for row in held_out],
        "chat spelling": [(row[0], row[2]) for row in held_out if len(row) > 2],
    } | {style: [(right, text) for right, s, text in first if s == style] for style in STYLES}


@pytest.fixture(scope="module")
def guesses() -> dict[str, list[str]]:
    stamp = MODEL_FOLDER / STAMP_NAME
    if not (MODEL_FOLDER / MODEL_NAME).is_file() or json.loads(stamp.read_text())["fingerprint"] != fingerprint():
        pytest.skip("no Rasa model of these sources in var/rasa: make prepare")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    texts = [text for group in groups().values() for _, text in group]
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "nlu.pipeline.parsing", str(MODEL_FOLDER / MODEL_NAME)],
        cwd=ROOT,
        env=environment,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = iter(json.loads(done.stdout.splitlines()[-1])["messages"])
    return {name: [next(found)["intent"] for _ in group] for name, group in groups().items()}


def wrong(group: list[tuple[str, str]], guesses: list[str]) -> list[str]:
    return [
        f"{right} taken for {guess}: {text}"
        for (right, text), guess in zip(group, guesses, strict=True)
        if not {guess, ROUTES.get(guess)} & set(right.split("|"))
    ]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_19_in_20_held_out_sentences_are_understood(guesses: dict[str, list[str]], spelling: str) -> None:
    group = groups()[spelling]
    assert len(group) > 80
    misread = wrong(group, guesses[spelling])
    assert len(misread) <= 0.05 * len(group), "\n".join(misread)


@pytest.mark.parametrize("style", STYLES)
def test_nine_in_ten_first_messages_of_each_style_are_understood(guesses: dict[str, list[str]], style: str) -> None:
    group = groups()[style]
    assert len(group) > 20
    misread = wrong(group, guesses[style])
    assert len(misread) <= 0.1 * len(group), "\n".join(misread)


def test_19_in_20_first_messages_are_understood(guesses: dict[str, list[str]]) -> None:
    misread = [line for style in STYLES for line in wrong(groups()[style], guesses[style])]
    assert len(misread) <= 0.05 * len(rows("first_messages.tsv")), "\n".join(misread)


@pytest.mark.parametrize("name", ["as written", *STYLES])
def test_no_question_about_complaints_becomes_a_complaint(guesses: dict[str, list[str]], name: str) -> None:
    asked = [
        (text, guess)
        for (right, text), guess in zip(groups()[name], guesses[name], strict=True)
        if right == "ask_procedure"
    ]
    assert asked
    assert [pair for pair in asked if pair[1] in COMPLAINTS] == []
