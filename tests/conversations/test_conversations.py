"""Conversations through the real service and the real Rasa."""

import json
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.evaluation.cases import DialogueCase, RoutingCase, read_lines
from bot.evaluation.runs import dialogue_scores, play_dialogues, route_messages
from bot.evaluation.scores import routing_scores
from bot.webclient import WebClient
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
DATA = Path(__file__).parents[1] / "data"
# Wednesday 25 November 2026, 10:00 in Hà Nội; the day before is a holiday.
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def talk(stack: RunningStack, turns: Sequence[str | tuple[str, str]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Say the turns (text, or title and button) and return (reply body, state) after each."""

    async def run() -> list[tuple[dict[str, Any], dict[str, Any]]]:
        async with httpx.AsyncClient(base_url=stack.base_url, timeout=30) as http:
            client = WebClient(http, stack.evaluation_token)
            session, heard = await client.open(), []
            for turn in turns:
                text, button = (turn, None) if isinstance(turn, str) else turn
                sequence = await client.post(session, text, button, now=NOW)
                event = await client.reply(session, sequence)
                heard.append((event["body"], await client.state(session)))
            return heard

    return stack.run(run())


def test_facets_follow_the_procedure_and_a_new_topic_switches(running_stack: RunningStack) -> None:
    (first, _), (second, state), (third, switched) = talk(
        running_stack,
        ["muon lap hoi o xa can giay to gi", "thế bao lâu xong", "còn trợ cấp thất nghiệp thì nộp ở đâu"],
    )
    assert first["data"]["procedure"] == "NV025"
    assert len(first["blocks"][0]["items"]) == 6
    assert (second["data"]["facet"], state["procedure"], state["due_date"]) == ("time", "NV025", "2027-02-25")
    assert (switched["procedure"], third["data"]["facet"]) == ("NV144", "where")


def test_button_answers_its_facet_without_words(running_stack: RunningStack) -> None:
    (first, _), (second, state) = talk(running_stack, ["thành lập hội cấp xã", ("Lệ phí", "f:fee:NV025")])
    assert any(b["id"].startswith("f:") for b in first["buttons"])
    assert (second["act"], state["facet"], state["procedure"]) == ("answer_fee_free", "fee", "NV025")


def test_citizen_is_called_as_they_call_themselves(running_stack: RunningStack) -> None:
    ((reply, _),) = talk(running_stack, ["cho cháu hỏi hưởng trợ cấp thất nghiệp nộp hồ sơ ở đâu ạ"])
    assert "cháu" in reply["text"]
    assert "anh/chị" not in reply["text"].lower()


HARD_TEXTS = {
    "empty": "",
    "spaces": "   \n\t ",
    "emoji": "😀😀👍",
    "zero width": "l\u200bập h\u200dội ở xã cần giấy tờ gì",
    "control": "lập hội\x07 ở xã\x00 cần giấy tờ gì",
    "nfd": unicodedata.normalize("NFD", "muốn lập hội ở xã cần giấy tờ gì"),
    "new tone placement": "muốn lập hội ở xã hoà bình cần giấy tờ gì",
    "ten thousand": "tôi muốn lập hội ở xã thì cần những giấy tờ gì ạ? " * 200,
    "one word": "a" * 10_000,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "other language": "Where can I apply for a work permit in Hanoi?",
    "chinese": "我想成立一个协会需要什么文件",
    "tcvn3": "Thñ tôc thµnh lËp héi cÇn giÊy tê g×",
    "cp1252": "Thá»§ tá»¥c thÃ nh láº­p há»™i cáº§n giáº¥y tá» gÃ¬",
    "intent literal": '/report_staff{"a":"b"}',
    "restart": "/restart",
    "braces": "{x} {} %s {{y}} ${TIEPDAN_ACTION_TOKEN}",
    "slashes": "/" * 500,
    "numbers": "0912345678 001084000999",
    "sql": "'; DROP TABLE turns; --",
    "right to left": "\u202elập hội\u202c",
}


@pytest.mark.parametrize("name", list(HARD_TEXTS))
def test_hard_text_gets_a_helpful_reply(running_stack: RunningStack, name: str) -> None:
    ((reply, state),) = talk(running_stack, [HARD_TEXTS[name]])
    assert reply["text"]
    assert state["outcome"] not in {None, "error"}


def test_same_words_in_other_code_points_get_the_same_answer(running_stack: RunningStack) -> None:
    text = "muốn hoà giải lập hội ở xã thì cần giấy tờ gì"
    ((plain, _),) = talk(running_stack, [text])
    ((nfd, _),) = talk(running_stack, [unicodedata.normalize("NFD", text)])
    ((old, _),) = talk(running_stack, [text.replace("hoà", "hòa")])
    assert plain["text"] == nfd["text"] == old["text"]


def test_unseen_messages_are_routed(running_stack: RunningStack) -> None:
    cases = read_lines(DATA / "routing.jsonl", RoutingCase)

    async def run() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=60) as http:
            client = WebClient(http, running_stack.evaluation_token)
            return routing_scores(await route_messages(client, cases, lambda *_: None))

    scores = running_stack.run(run())
    print(json.dumps(scores))
    assert scores["n"] >= 100
    assert scores["accuracy"] >= 0.85


def test_unseen_dialogues_end_well(running_stack: RunningStack) -> None:
    cases = read_lines(DATA / "dialogues.jsonl", DialogueCase)

    async def run() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=60) as http:
            client = WebClient(http, running_stack.evaluation_token)
            return dialogue_scores(await play_dialogues(client, cases, lambda *_: None))

    scores = running_stack.run(run())
    print(json.dumps(scores))
    assert scores["dialogues"] >= 25
    assert scores["dialogue_success"] >= 0.7


def test_withdrawn_procedure_is_not_answered_within_five_seconds(running_stack: RunningStack) -> None:
    def catalogue(verb: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "bot.cli", "catalogue", verb, "NV111", "--reason", "kiểm thử"],
            env={**os.environ, **running_stack.settings.as_environment()},
            check=True,
            capture_output=True,
        )

    question = "sử dụng tài liệu lưu trữ lịch sử nộp ở đâu"
    ((before, state),) = talk(running_stack, [question])
    assert state["procedure"] == "NV111", before["text"]
    catalogue("hide")
    try:
        time.sleep(5)
        ((_, hidden),) = talk(running_stack, [question])
        ((pressed, _),) = talk(running_stack, [("Lệ phí", "f:fee:NV111")])
        assert (hidden["procedure"], hidden["outcome"], hidden["reason"]) == (None, "refused", "being_revised")
        assert "NV111" not in json.dumps(pressed)
    finally:
        catalogue("unhide")
