"""The day's figures for Prometheus: read back by its own parser, kept a while, shown to nobody else."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as classic

from bot.core.figures.machine import MachineFigures
from bot.core.handover.attention import Move, Why
from bot.settings.nested import MetricsSettings
from bot.store import Store
from channels.metrics import metrics_router
from channels.web.problems import install_problem_handlers
from tests.contracts.figures_steps import Diary
from tests.integration.desk_client import UNIT, Office, open_office
from tests.integration.figures_rig import a_working_day, figures_desk
from tests.integration.web_client import problem_of

TOKEN = "mot-ma-du-dai-cho-may-do"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Ticks:
    """A clock that a test winds."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def office(store: Store) -> Office:
    office = open_office(store)
    a_working_day(store, office)
    return office


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def machine(office: Office, ticks: Ticks) -> MachineFigures:
    return MachineFigures(office.store, office.clock, figures_desk(office), 15, ticks)


def client(machine: MachineFigures, token: str | None = None, address: str = "127.0.0.1") -> httpx.AsyncClient:
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(metrics_router(machine.snapshot, token))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def scraped(machine: MachineFigures, **headers: str) -> httpx.Response:
    async with client(machine) as browser:
        answer = await browser.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def samples(text: str, parse: Any = classic) -> Samples:
    found: Samples = {}
    for family in parse(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, key
            found[key] = sample.value
    return found


def of(found: Samples, name: str, **labels: str) -> float | None:
    return found.get((name, tuple(sorted(labels.items()))))


async def test_what_prometheus_reads_is_what_was_counted_by_hand(machine: MachineFigures) -> None:
    answer = await scraped(machine)
    assert answer.headers["content-type"].startswith("text/plain")
    found = samples(answer.text)
    # Totals are of all that was: the four of the day before are among them, and their fifth turn in the evening.
    assert of(found, "tiepdan_conversations_total", channel="web") == 11
    assert of(found, "tiepdan_conversations_total", channel="hotline") == 1
    assert of(found, "tiepdan_turns_total", outcome="answered") == 16
    assert of(found, "tiepdan_refusals_total", reason="other_agency") == 1
    assert of(found, "tiepdan_refusals_total", reason="needs_file") == 0
    assert of(found, "tiepdan_handovers_total", why="anger") == 1
    assert of(found, "tiepdan_suggestion_actions_total", action="sent") == 2
    assert of(found, "tiepdan_cases_total") == 6
    # The running day and week, as the page shows them.
    assert of(found, "tiepdan_period_conversations", period="day", channel="web") == 7
    assert of(found, "tiepdan_period_conversations", period="week", channel="web") == 11
    assert of(found, "tiepdan_period_conversations_answered_alone", period="day") == 8
    assert of(found, "tiepdan_period_handovers", period="day", why="asked") == 1
    assert of(found, "tiepdan_period_waiting_median_seconds", period="day") == 150
    assert of(found, "tiepdan_period_first_answer_median_seconds", period="day", by="person") == 180
    assert of(found, "tiepdan_period_first_answer_median_seconds", period="day", by="assistant") == 2
    assert of(found, "tiepdan_period_procedures_asked", period="day", procedure="P1") == 8
    assert of(found, "tiepdan_period_suggestions", period="day", action="displayed") == 3
    assert of(found, "tiepdan_period_cases", period="day") == 6


async def test_the_newer_format_is_understood_too(machine: MachineFigures) -> None:
    answer = await scraped(machine, Accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert of(samples(answer.text, openmetrics), "tiepdan_cases_total") == 6


async def test_cases_by_unit_are_told_when_their_week_is_over_and_only_in_groups(
    machine: MachineFigures, office: Office
) -> None:
    """A number that rises while it is watched would tell the minute at which somebody complained of that unit."""
    assert UNIT not in (await scraped(machine)).text
    office.clock.time += timedelta(days=7)
    later = MachineFigures(office.store, office.clock, figures_desk(office), 15, Ticks())
    found = samples((await scraped(later)).text)
    units = {key[1][0][1]: value for key, value in found.items() if key[0] == "tiepdan_last_week_cases_by_unit"}
    codes = {key[1][0][1]: value for key, value in found.items() if key[0] == "tiepdan_last_week_cases_by_behaviour"}
    assert units == {UNIT: 4}
    assert codes == {"TD-XUCPHAM": 5}


async def test_nothing_is_counted_anew_within_fifteen_seconds(
    machine: MachineFigures, office: Office, ticks: Ticks
) -> None:
    before = (await scraped(machine)).text
    diary = Diary(office.store)
    diary.turn("fresh", office.clock.time, "zalo")
    diary.moved("fresh", office.clock.time, Move.ASK, Why.DANGER)
    office.clock.time += timedelta(seconds=10)
    ticks.seconds += 14
    assert (await scraped(machine)).text == before
    ticks.seconds += 1
    found = samples((await scraped(machine)).text)
    assert of(found, "tiepdan_conversations_total", channel="zalo") == 4
    assert of(found, "tiepdan_handovers_total", why="danger") == 1


async def test_who_asks_while_it_is_counted_gets_the_last_figures_or_is_told_to_wait(
    machine: MachineFigures, ticks: Ticks
) -> None:
    with machine._lock:  # somebody counts
        async with client(machine) as browser:
            answer = await browser.get("/metrics")
        problem_of(answer, 503)
        assert answer.headers["retry-after"] == "30"
    before = (await scraped(machine)).text
    ticks.seconds += 1_000
    with machine._lock:
        assert (await scraped(machine)).text == before


async def test_figures_that_took_long_are_kept_longer(
    machine: MachineFigures, office: Office, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = machine._read

    def slowly() -> object:
        ticks.seconds += 4
        return read()

    monkeypatch.setattr(machine, "_read", slowly)
    before = (await scraped(machine)).text
    Diary(office.store).turn("fresh", office.clock.time, "zalo")
    office.clock.time += timedelta(seconds=10)
    ticks.seconds += 79
    assert (await scraped(machine)).text == before
    ticks.seconds += 1
    assert (await scraped(machine)).text != before


async def test_totals_never_fall_when_the_day_changes(machine: MachineFigures, office: Office, ticks: Ticks) -> None:
    def totals(text: str) -> Samples:
        return {key: value for key, value in samples(text).items() if key[0].endswith("_total")}

    before = totals((await scraped(machine)).text)
    for _ in range(3):
        office.clock.time += timedelta(days=1)
        ticks.seconds += 15
        assert totals((await scraped(machine)).text) == before
    assert of(samples((await scraped(machine)).text), "tiepdan_period_cases", period="day") == 0


async def test_without_figures_series_are_there_at_nought(store: Store) -> None:
    office = open_office(store)
    machine = MachineFigures(store, office.clock, figures_desk(office), 15, Ticks())
    found = samples((await scraped(machine)).text)
    assert of(found, "tiepdan_turns_total", outcome="answered") == 0
    assert of(found, "tiepdan_period_waiting_median_seconds", period="day") is None


async def test_nobodys_words_or_ids_are_in_it(machine: MachineFigures) -> None:
    text = (await scraped(machine)).text
    assert not [told for told in ("web0", "zalo1", "case0", "0912", "Trần Thị Bích Ngọc") if f'"{told}' in text]


class TestAdmission:
    """Who may ask."""

    async def test_another_machine_is_refused_without_a_token(self, machine: MachineFigures) -> None:
        async with client(machine, address="10.0.0.5") as browser:
            problem_of(await browser.get("/metrics"), 403)
            problem_of(await browser.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}), 403)

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
    async def test_who_comes_through_a_proxy_on_this_machine_may_be_anybody(
        self, machine: MachineFigures, header: str
    ) -> None:
        async with client(machine) as browser:
            problem_of(await browser.get("/metrics", headers={header: "1.1 proxy"}), 403)

    @pytest.mark.parametrize("given", ["", "Bearer", "Bearer sai", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
    async def test_with_a_token_nobody_is_let_in_without_it(self, machine: MachineFigures, given: str) -> None:
        async with client(machine, TOKEN) as browser:
            answer = await browser.get("/metrics", headers=[(b"authorization", given.encode())] if given else None)
        problem_of(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"

    async def test_with_the_token_any_machine_may_ask(self, machine: MachineFigures) -> None:
        async with client(machine, TOKEN, "10.0.0.5") as browser:
            answer = await browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", "Via": "1.1 proxy"})
        assert answer.status_code == 200

    @pytest.mark.parametrize("wrong", [{"token": "ngan"}, {"cache_seconds": 5}, {"path": "/x"}])
    def test_settings_that_would_be_unsafe_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            MetricsSettings(**wrong)
