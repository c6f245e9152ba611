"""Parses messages with a trained model: `python -m nlu.pipeline.parsing MODEL < TEXTS`, in Rasa's environment.

Reads a JSON list of texts and writes one JSON object as the last line: for every text the intent, the best guess
beneath a fallback and its share, and the processor seconds of all of them together (after a warm-up).
"""

import asyncio
import json
import logging
import sys
import time
from typing import Any

import structlog
from rasa.core.agent import Agent

_FALLBACK = "nlu_fallback"
_WARM_UP = 20


async def _parse(model: str, texts: list[str]) -> dict[str, Any]:
    agent = Agent.load(model)
    for text in texts[:_WARM_UP]:
        await agent.parse_message(text)
    started = time.process_time()
    parsed = [await agent.parse_message(text) for text in texts]
    seconds = time.process_time() - started
    return {"seconds": seconds, "messages": [_told(message) for message in parsed]}


def _told(parsed: dict[str, Any]) -> dict[str, Any]:
    ranking = [guess for guess in parsed.get("intent_ranking", ()) if guess["name"] != _FALLBACK]
    best = ranking[0] if ranking else parsed["intent"]
    return {"intent": parsed["intent"]["name"], "guess": best["name"], "share": best["confidence"]}


def main() -> None:
    """Read, parse, write."""
    # Left to itself, Rasa prints every message that it parses.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    result = asyncio.run(_parse(sys.argv[1], json.load(sys.stdin)))
    sys.stdout.write("\n" + json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
