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

SCRIPT = """
import asyncio, json, sys
from rasa.core.agent import Agent
import logging, structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

async def main():
    agent = Agent.load(sys.argv[1])
    print(json.dumps([(await agent.parse_message(text))["intent"]["name"] for text in json.load(sys.stdin)]))

asyncio.run(main())
"""


def held_out() -> list[list[str]]:
    lines = Path(__file__).with_name("holdout.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def spellings() -> dict[str, list[tuple[str, str]]]:
    rows = held_out()
    return {
        "as written": [(row[0], row[1]) for row in rows],
        "without accents": [(row[0], strip_accents(row[1])) for row in rows],
        "chat spelling": [(row[0], row[2]) for row in rows if len(row) > 2],
    }


@pytest.fixture(scope="module")
def guesses() -> dict[str, list[str]]:
    stamp = MODEL_FOLDER / STAMP_NAME
    if not (MODEL_FOLDER / MODEL_NAME).is_file() or json.loads(stamp.read_text())["fingerprint"] != fingerprint():
        pytest.skip("no Rasa model of these sources in var/rasa: make prepare")
    groups = spellings()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    texts = [text for rows in groups.values() for _, text in rows]
    done = subprocess.run(
        [str(RASA_PYTHON), "-c", SCRIPT, str(MODEL_FOLDER / MODEL_NAME)],
        cwd=ROOT,
        env=environment,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = iter(json.loads(done.stdout.splitlines()[-1]))
    return {name: [next(found) for _ in rows] for name, rows in groups.items()}


@pytest.mark.parametrize("spelling", ["as written", "without accents", "chat spelling"])
def test_nine_in_ten_held_out_sentences_are_understood(guesses: dict[str, list[str]], spelling: str) -> None:
    rows = spellings()[spelling]
    assert len(rows) > 80
    wrong = [
        f"{intent} taken for {guess}: {text}"
        for (intent, text), guess in zip(rows, guesses[spelling], strict=True)
        if guess != intent
    ]
    assert len(wrong) <= 0.1 * len(rows), "\n".join(wrong)


def test_no_question_about_complaints_becomes_a_complaint(guesses: dict[str, list[str]]) -> None:
    complaints = {"report_staff", "formal_complaint", "denunciation"}
    asked = [
        (text, guess)
        for (intent, text), guess in zip(spellings()["as written"], guesses["as written"], strict=True)
        if intent == "ask_procedure"
    ]
    assert asked
    assert [pair for pair in asked if pair[1] in complaints] == []
