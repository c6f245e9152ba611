"""The open halves of the complaint sets through the running stack: floors; docs/complaints.md has the figures."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.evaluation.cases import DialogueCase, RoutingCase, read_lines
from bot.evaluation.questions import FirstStory, questions_asked
from bot.evaluation.runs import dialogue_scores, play_dialogues, route_messages
from bot.evaluation.scores import Routed, routing_scores
from bot.webclient import WebClient
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
DATA = Path(__file__).parents[1] / "data"


def routed(stack: RunningStack, cases: Sequence[RoutingCase]) -> list[Routed]:
    async def run() -> list[Routed]:
        async with httpx.AsyncClient(base_url=stack.base_url, timeout=60) as http:
            return await route_messages(WebClient(http, stack.evaluation_token), cases, lambda *_: None)

    found: list[Routed] = stack.run(run())
    return found


def test_complaints_are_routed_and_their_behaviours_told(running_stack: RunningStack) -> None:
    scores = routing_scores(routed(running_stack, read_lines(DATA / "complaint_messages.jsonl", RoutingCase)))
    print(json.dumps(scores))
    assert scores["n"] >= 100
    assert scores["accuracy"] >= 0.9
    assert scores["macro_f1"] >= 0.88
    assert scores["behaviour_accuracy"] >= 0.8
    assert scores["wrongly_opened_cases"] == 0


def test_other_bodies_matters_reach_no_unit_of_ours(running_stack: RunningStack) -> None:
    path = DATA / "other_bodies.jsonl"
    units = {(line := json.loads(text))["id"]: line.get("unit") for text in path.read_text("utf-8").splitlines()}
    found = routed(running_stack, read_lines(path, RoutingCase))
    assert len(found) >= 40
    sent = {r.case.id: r.state["unit"] for r in found if r.state.get("unit")}
    assert {i: unit for i, unit in sent.items() if units[i] is None or not _same(unit, units[i])} == {}
    assert routing_scores(found)["accuracy"] >= 0.9


def test_complaint_dialogues_end_well(running_stack: RunningStack) -> None:
    cases = read_lines(DATA / "complaint_dialogues.jsonl", DialogueCase)

    async def run() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=60) as http:
            client = WebClient(http, running_stack.evaluation_token)
            return dialogue_scores(await play_dialogues(client, cases, lambda *_: None))

    scores = running_stack.run(run())
    print(json.dumps(scores))
    assert scores["dialogues"] >= 30
    assert scores["dialogue_success"] >= 0.85


def test_few_questions_are_asked(running_stack: RunningStack) -> None:
    """A whole story: at most three at the median, those about the citizen's own name; two words: at most eight."""
    stories = read_lines(DATA / "first_stories.jsonl", FirstStory)

    async def run() -> dict[str, list[int]]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=60) as http:
            return await questions_asked(WebClient(http, running_stack.evaluation_token), stories, lambda *_: None)

    asked = running_stack.run(run())
    print(json.dumps(asked))
    assert min(map(len, asked.values())) >= 7
    assert statistics.median(asked["whole"]) <= 3
    assert statistics.median(asked["two_words"]) <= 8
    assert max(asked["two_words"]) <= 9  # a formal complaint: whether to write a phản ánh beside it comes first


def _same(unit: str, expected: str) -> bool:
    """A commune and its service point are one place."""
    return unit.rpartition("-")[2] == expected.rpartition("-")[2]
