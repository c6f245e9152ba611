"""Measuring webhooks: what is sent, what is counted, and the section that is written."""

import itertools
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.bench.acknowledge import ACCOUNT, APP, LOADS, SECRET, Acknowledged, Load, Plan, Platform, Webhooks, _send
from bot.bench.acknowledge_report import section
from bot.bench.sections import write_section
from bot.bench.turns import Measurement
from channels.zalo.reading import ReadingRules, read
from channels.zalo.signature import SignatureRefused, SignatureRules, parse_variants, verify

PLAN = Plan(rate=100, seconds=0.2, people=3)


def found(latencies: tuple[float, ...], statuses: dict[int, int] | None = None, other: float = 0.0) -> Acknowledged:
    web = Measurement(4, (0.4,) * 10, {}, 10.0, {"service": 1.0}, 0.1, other * 10)
    return Acknowledged(LOADS[0], latencies, Counter(statuses or {200: len(latencies)}), 20, 20, 3.2, web, 1.5)


@pytest.mark.parametrize("load", LOADS)
def test_webhooks_are_signed_and_read_as_what_they_are(load: Load) -> None:
    rules = SignatureRules(app_id=APP, oa_id=ACCOUNT, oa_secret=SECRET, variants=parse_variants(""))
    kinds: Counter[str] = Counter()
    for body, headers in itertools.islice(Webhooks(7).of(load), 60):
        lowered = {name.lower(): value for name, value in headers.items()}
        assert str(verify(body, lowered, rules, datetime.now(UTC))) == "app_id-body-oa"
        with pytest.raises(SignatureRefused):
            verify(body + b" ", lowered, rules, datetime.now(UTC))
        arrived = read(body, ReadingRules(oa_id=ACCOUNT))
        kinds["text" if arrived else json.loads(body)["event_name"]] += 1
    assert kinds["text"] == 60 // load.texts_in
    assert len(kinds) == (1 if load.texts_in == 1 else 4)


async def test_each_webhook_is_sent_once_at_its_time_and_what_is_refused_is_counted() -> None:
    seen: list[bytes] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        if len(seen) == 3:
            raise httpx.ConnectError("gone")
        return httpx.Response(503 if len(seen) == 2 else 200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://x") as http:
        latencies, statuses = await _send(http, Webhooks(3).of(LOADS[1]), PLAN)
    assert len(set(seen)) == len(latencies) == 20
    assert statuses == {200: 18, 503: 1, 0: 1}
    assert found(tuple(latencies), dict(statuses)).refused == 2


async def test_the_platform_takes_what_is_sent() -> None:
    platform = Platform(seconds=0.0)
    async with platform.running() as address, httpx.AsyncClient(trust_env=False) as http:
        for number in (1, 2):
            answer = await http.post(f"{address}/v3.0/oa/message/cs", json={"message": {"text": "chào" * 1_000}})
            assert answer.json() == {"error": 0, "message": "Success", "data": {"message_id": f"m{number}"}}
    assert platform.taken == 2


def test_section_gives_percentiles_and_says_whether_the_target_is_held() -> None:
    text = section([found(tuple(n / 1000 for n in range(1, 101)))], PLAN, "2026-11-26")
    assert "| 50 | 95 | 100 | yes | 0 | 20 / 20 |" in text
    assert "not quiet" not in text
    assert "$" not in text
    slow = section([found((0.201,) * 20, {200: 19, 503: 1}, other=0.5)], PLAN, "2026-11-26")
    assert "| 201 | 201 | 201 | **no** | 1 |" in slow
    assert "not quiet:** something else used up to 0.5 cores" in slow


def test_nothing_answered_is_no_good_figure() -> None:
    assert "| inf | inf | inf | **no** |" in section([found((), {0: 5})], PLAN, "2026-11-26")


def test_section_is_put_beside_the_others(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\n## Repeat\n\nso\n", "utf-8")
    for latency in (0.1, 0.2):
        write_section(page, section([found((latency,))], PLAN, "2026-11-26"), "Performance")
    text = page.read_text("utf-8")
    assert text.startswith("# Performance\n\n## Repeat\n\nso\n\n## Acknowledging webhooks\n")
    assert text.count("## Acknowledging webhooks") == 1
    assert "| 200 | 200 | 200 |" in text
