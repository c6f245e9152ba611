"""Measures how complaints are understood and taken in, through a running stack, and writes it as a page."""

import datetime as dt
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from bot.bench.machine import Machine
from bot.bench.shares import share
from bot.evaluation.cases import DialogueCase, RoutingCase, read_lines
from bot.evaluation.questions import FirstStory, questions_asked
from bot.evaluation.runs import Played, Progress, dialogue_scores, play_dialogues, route_messages
from bot.evaluation.scores import Routed, routing_scores
from bot.webclient import WebClient

MESSAGES, BODIES, DIALOGUES = "complaint_messages.jsonl", "other_bodies.jsonl", "complaint_dialogues.jsonl"
STORIES = "first_stories.jsonl"
_TEMPLATE = Path(__file__).with_name("complaints.template.md")


@dataclass(frozen=True)
class Half:
    """One half of the sets as it was played; `units` are the offices of the parts that are ours, by line id."""

    name: str
    messages: list[Routed]
    bodies: list[Routed]
    units: dict[str, str | None]
    dialogues: list[Played]

    @property
    def wrong_units(self) -> list[str]:
        """The ids of messages about other bodies that would reach an office of ours that is not meant."""
        return [r.case.id for r in self.bodies if r.state.get("unit") and not self._meant(r)]

    def _meant(self, routed: Routed) -> bool:
        expected, found = self.units[routed.case.id], str(routed.state["unit"])
        # A commune and its service point (HN-DPV-…) are one place.
        return expected is not None and expected.rpartition("-")[2] == found.rpartition("-")[2]


async def play(client: WebClient, name: str, folder: Path, progress: Progress) -> Half:
    """Play the three sets of a folder. Raises EvaluationFileError for one that cannot be read."""
    bodies = (folder / BODIES).read_text("utf-8").splitlines()
    return Half(
        name,
        await route_messages(client, read_lines(folder / MESSAGES, RoutingCase), progress),
        await route_messages(client, read_lines(folder / BODIES, RoutingCase), progress),
        {(line := json.loads(text))["id"]: line.get("unit") for text in bodies if text.strip()},
        await play_dialogues(client, read_lines(folder / DIALOGUES, DialogueCase), progress),
    )


async def measure(
    client: WebClient, folders: dict[str, Path], stories: Path, progress: Progress
) -> tuple[list[Half], dict[str, list[int]]]:
    """Return the halves by their names, and the numbers of questions that first stories are asked."""
    halves = [await play(client, name, folder, progress) for name, folder in folders.items()]
    return halves, await questions_asked(client, read_lines(stories, FirstStory), progress)


def page(halves: Sequence[Half], asked: dict[str, list[int]], machine: Machine, day: dt.date) -> str:
    """Return the page."""
    questions = [
        [_KINDS.get(kind, kind), str(len(counts)), f"{statistics.median(counts):g}", str(max(counts))]
        for kind, counts in asked.items()
    ]
    names = [half.name for half in halves]
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        day=day.isoformat(),
        processor=machine.processor,
        cores=machine.cores,
        summary=_table(["", *names], _summary(halves)),
        routes=_table(["route", *(f"{name}: n, right" for name in names)], _by_route(halves)),
        codes=_table(["code", *(f"{name}: n, found" for name in names)], _by_code(halves)),
        questions=_table(["first message", "messages", "median", "most"], questions),
    )


_KINDS = {"whole": "a whole story (place, time, desk, person)", "two_words": "two or three words"}


def _summary(halves: Sequence[Half]) -> list[list[str]]:
    scores = [routing_scores(half.messages) for half in halves]
    played = [dialogue_scores(half.dialogues) for half in halves]
    return [
        ["messages", *(str(s["n"]) for s in scores)],
        ["routed right", *(share([r.right for r in half.messages]) for half in halves)],
        ["macro-F1 over the routes", *(f"{100 * s['macro_f1']:.1f}" for s in scores)],
        ["behaviour right", *(share([_told(r) for r in half.messages if r.case.behaviour]) for half in halves)],
        [
            "cases opened by mere questions",
            *(f"{s['wrongly_opened_cases']} of {_questions(h)}" for s, h in _pairs(scores, halves)),
        ],
        ["messages about other bodies", *(str(len(half.bodies)) for half in halves)],
        ["… routed right", *(share([r.right for r in half.bodies]) for half in halves)],
        ["… sent to a wrong unit", *(str(len(half.wrong_units)) for half in halves)],
        ["dialogues (turns)", *(f"{p['dialogues']} ({p['turns']})" for p in played)],
        ["… ended right", *(share([d.success for d in half.dialogues]) for half in halves)],
        ["… turns right", *(share([not f for d in half.dialogues for f in d.failures]) for half in halves)],
    ]


def _pairs(scores: list[dict[str, Any]], halves: Sequence[Half]) -> list[tuple[dict[str, Any], Half]]:
    return list(zip(scores, halves, strict=True))


def _questions(half: Half) -> int:
    return sum(r.case.note == "must_not_open_case" for r in half.messages)


def _told(routed: Routed) -> bool:
    return bool(set(routed.state.get("behaviour") or ()) & set(routed.case.behaviour))


def _by_route(halves: Sequence[Half]) -> list[list[str]]:
    every = [[*half.messages, *half.bodies] for half in halves]
    routes = sorted({r.case.expect for messages in every for r in messages})
    return [
        [f"`{route}`", *(_counted([r.right for r in m if r.case.expect == route]) for m in every)] for route in routes
    ]


def _by_code(halves: Sequence[Half]) -> list[list[str]]:
    codes = sorted({code for half in halves for r in half.messages for code in r.case.behaviour})

    def found(half: Half, code: str) -> list[bool]:
        return [code in (r.state.get("behaviour") or ()) for r in half.messages if code in r.case.behaviour]

    return [[f"`{code}`", *(_counted(found(half, code)) for half in halves)] for code in codes]


def _counted(right: list[bool]) -> str:
    return f"{len(right)}, {sum(right)}" if right else "–"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
