"""The day's figures for Prometheus at /metrics: for this machine alone, or for whoever has the token."""

import asyncio
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.core.figures.machine import NotCountedYet, Snapshot, Totals
from bot.core.figures.waits import TAKEN
from bot.core.handover.attention import Why
from bot.core.routes import Outcome, Reason
from bot.core.suggestions.ports import Action
from channels.web.problems import Problem

PATH = "/metrics"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
# What a proxy adds: then the address is the proxy's, and who asks may be anybody.
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
# Series that are there from the beginning, so that their first rise is seen.
_OUTCOMES, _REASONS = [each.value for each in Outcome], [each.value for each in Reason]
_WHYS, _ACTIONS = [each.value for each in Why], [each.value for each in Action]


def metrics_router(snapshot: Callable[[], Snapshot], token: str | None) -> APIRouter:
    """Return the route. `snapshot` may block. Without a token only a direct caller on this machine is answered."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def metrics(request: Request) -> Response:
        _admit(request, token)
        try:
            found = await asyncio.to_thread(snapshot)
        except NotCountedYet:
            raise Problem(503, headers={"Retry-After": "30"}) from None
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Once(families(found)))
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=content_type, headers={"Cache-Control": "no-store"})

    return router


def families(found: Snapshot) -> Iterator[Metric]:
    """Yield the metrics of a reading."""
    yield from _totals(found.totals)
    periods = {kind.value: running for kind, running in found.running.items()}
    counts = {period: running.counts for period, running in periods.items()}
    yield _periods(
        "tiepdan_period_conversations",
        "Conversations in which the citizen wrote, and answered calls, of the day or week so far (Viet Nam).",
        {p: c.conversations for p, c in counts.items()},
        "channel",
    )
    yield _periods(
        "tiepdan_period_refusals",
        "Turns that the assistant could not answer, of the day or week so far.",
        {p: c.refused for p, c in counts.items()},
        "reason",
        _REASONS,
    )
    yield _periods(
        "tiepdan_period_handovers",
        "Times that people took over or were called for, of the day or week so far.",
        {p: c.called for p, c in counts.items()},
        "why",
        [*_WHYS, TAKEN],
    )
    yield _periods(
        "tiepdan_period_procedures_asked",
        "Conversations and calls about a procedure, the ten most asked of the day or week so far.",
        {p: _most(c.asked) for p, c in counts.items()},
        "procedure",
    )
    yield _periods(
        "tiepdan_period_suggestions",
        "What operators did with suggestions, of the day or week so far.",
        {p: c.suggestions for p, c in counts.items()},
        "action",
        _ACTIONS,
    )
    yield _plain(
        "tiepdan_period_conversations_answered_alone",
        "Conversations that the assistant answered and no person was wanted in, of the day or week so far.",
        {p: c.answered_alone for p, c in counts.items()},
    )
    yield _plain(
        "tiepdan_period_cases",
        "Cases filed in the day or week so far.",
        {p: running.cases for p, running in periods.items()},
    )
    yield _plain(
        "tiepdan_period_waiting_median_seconds",
        "Median wait from the call for a person until one took the conversation; absent while nobody waited.",
        {p: c.waiting for p, c in counts.items()},
    )
    answer = GaugeMetricFamily(
        "tiepdan_period_first_answer_median_seconds",
        "Median time until the first answer; absent while there was none.",
        labels=["period", "by"],
    )
    for period, each in counts.items():
        for by, seconds in (("person", each.person_answer), ("assistant", each.assistant_answer)):
            if seconds is not None:
                answer.add_metric([period, by], seconds)
    yield answer
    yield _labelled(
        "tiepdan_last_week_cases_by_behaviour",
        "Cases of the last whole week by behaviour; groups of fewer than three are left out.",
        found.behaviours,
        "behaviour",
    )
    yield _labelled(
        "tiepdan_last_week_cases_by_unit",
        "Cases of the last whole week by unit; groups of fewer than three are left out.",
        found.units,
        "unit",
    )


class _Once(Collector):
    """Gives metrics that are made already."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def _admit(request: Request, token: str | None) -> None:
    """Raise a problem for whoever may not ask."""
    if token is not None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
        return
    host = request.client.host if request.client else ""
    if host not in LOOPBACK or any(name in request.headers for name in _FORWARDED):
        raise Problem(403)


def _totals(totals: Totals) -> Iterator[Metric]:
    counted: tuple[tuple[str, str, str, Mapping[str, int], list[str]], ...] = (
        ("conversations", "Conversations begun, and calls answered.", "channel", totals.conversations, []),
        ("turns", "Turns by how they ended.", "outcome", totals.turns, _OUTCOMES),
        ("refusals", "Turns that the assistant could not answer, by reason.", "reason", totals.refused, _REASONS),
        ("handovers", "Calls for a person, by why.", "why", totals.called, _WHYS),
        ("suggestion_actions", "What operators did with suggestions.", "action", totals.suggestions, _ACTIONS),
    )
    for name, said, label, values, known in counted:
        family = CounterMetricFamily(f"tiepdan_{name}", said, labels=[label])
        for code, value in {**dict.fromkeys(known, 0), **values}.items():
            family.add_metric([code], value)
        yield family
    yield CounterMetricFamily("tiepdan_cases", "Cases filed.", value=totals.cases)


def _periods(
    name: str, said: str, values: Mapping[str, Mapping[str, int]], label: str, known: Iterable[str] = ()
) -> Metric:
    family = GaugeMetricFamily(name, said, labels=["period", label])
    for period, counts in values.items():
        for code, value in {**dict.fromkeys(known, 0), **counts}.items():
            family.add_metric([period, code], value)
    return family


def _plain(name: str, said: str, values: Mapping[str, int | None]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=["period"])
    for period, value in values.items():
        if value is not None:
            family.add_metric([period], value)
    return family


def _labelled(name: str, said: str, values: Mapping[str, int], label: str) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for code, value in values.items():
        family.add_metric([code or "none"], value)
    return family


def _most(counts: Mapping[str, int], limit: int = 10) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit])
