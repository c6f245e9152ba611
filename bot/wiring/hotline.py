"""Wiring of the hotline: calls, what is filed for somebody, codes for an answer in writing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr

from actions.answer import AnswerAction
from actions.compose import Composer
from actions.handover.action import HandOverAction
from bot.core.calendar import WorkingCalendar
from bot.core.calls.desk import CallDesk
from bot.core.calls.dialling import Dialler, Dialling
from bot.core.calls.intake import CallIntake
from bot.core.calls.redeeming import Answered, CodeDialogue
from bot.core.calls.suggesting import PlainSuggester, Suggester
from bot.core.calls.tools import CallRules, CallTools
from bot.core.cases.access import Access, same_house
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.filing import CaseFiling
from bot.core.cases.heard import BehaviourModel, StoryReader
from bot.core.clock import SystemClock
from bot.core.conversation import ConversationState
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Signal
from bot.core.errors import StoreUnavailable
from bot.core.filing.desk import SECRETS_AGAIN, FilingDesk, FilingTools
from bot.core.filing.scans import Scans, forget_unfiled
from bot.core.messages import Turn
from bot.core.phrases import Phrases
from bot.core.ports import Dialogue, KnowledgeBase
from bot.core.procedures import Facet
from bot.core.routes import Outcome
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry
from bot.settings import Settings
from bot.settings.hotline import HotlineSettings
from bot.store import Store
from bot.wiring.casework import OWN_UNITS
from bot.wiring.turn_actions import data_versions
from channels.console.call_problems import install_call_problems
from channels.console.calls import calls_router
from channels.console.dialling import dialling_router
from channels.console.filing import Showing, filing_router
from channels.console.filing_files import filing_files_router
from channels.files import FileDesk
from channels.hotline import PREFIX, Admission, hotline_router
from channels.hotline.dialling import HttpDialler

log = logging.getLogger(__name__)
HOUSEKEEPING_SECONDS = 600.0
KEEP_FILED = timedelta(days=30)


class Hotline:
    """The hotline's routes and workers. `running` runs the latter; `wake` has the console's streams look again."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        knowledge: KnowledgeBase,
        phrases: Phrases,
        behaviours: BehaviourModel,
        files: FileDesk,
        suggester: Suggester | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        clock, calendar = SystemClock(), WorkingCalendar.load()
        self._settings = settings
        self._store = store
        self._files = files
        self._scans = Scans(store, clock)
        self._clock = clock
        self._phrases = phrases
        self._knowledge = knowledge
        self._calendar = calendar
        self._rules = call_rules(settings.hotline)
        tools = CallTools(
            store, clock, knowledge, suggester or PlainSuggester(knowledge), phrases, calendar, self._rules, wake
        )
        self._calls = CallDesk(tools)
        self._intake = CallIntake(tools)
        registry, taxonomy = UnitRegistry.load(), Taxonomy.load()
        deadlines = Deadlines.load(calendar)
        self._filing = FilingDesk(
            FilingTools(
                units=store,
                clock=clock,
                reader=StoryReader(UnitFinder(registry), behaviours, taxonomy),
                filing=CaseFiling(deadlines, data_versions(taxonomy, registry, deadlines)),
                access=Access(alike=same_house(registry)),
                phrases=phrases,
                registry=registry,
                taxonomy=taxonomy,
            )
        )
        self._showing = Showing(phrases, registry, taxonomy)
        access = Access(own_units=OWN_UNITS, alike=same_house(registry))
        cases = DeskTools(store, clock, access, deadlines, registry)
        self._dialling = Dialling(tools, cases, dialler_of(settings.hotline))

    def install(self, app: FastAPI, signed_in: Any) -> None:
        """Add the routes to an application that has the console, and the error shape of the desk."""
        install_call_problems(app)
        app.include_router(calls_router(self._calls, signed_in))
        app.include_router(dialling_router(self._dialling, signed_in))
        app.include_router(filing_router(self._filing, self._showing, signed_in))
        app.include_router(filing_files_router(self._scans, self._files, signed_in))
        admission = admission_of(self._settings.hotline)
        if admission.any:
            app.include_router(hotline_router(self._intake, admission, self._clock, self._calls.opaque_of))
            log.info("the hotline takes events", extra={"path": PREFIX})

    def answering_codes(self, engine: Dialogue) -> CodeDialogue:
        """Return the dialogue engine behind one that answers codes."""
        composer = Composer(self._phrases, self._calendar)
        answer = AnswerAction(
            EnquiryResolver(self._knowledge), composer, HandOverAction(self._phrases), self._phrases, {}
        )

        def answering(procedure_id: str, facet: Facet, state: ConversationState, turn: Turn) -> Answered | None:
            """Answer as if the button of this side of the procedure had been pressed."""
            if self._knowledge.procedure(procedure_id, turn.now) is None:
                return None
            pressed = Signal("", "press_button", 1.0, turn.now, f"f:{facet.value}:{procedure_id}")
            decision = answer(pressed, replace(state, offered=()))
            # What the caller asked for is what was looked up for them: another body's matter is told as such.
            state = replace(decision.state, outcome=decision.state.outcome or Outcome.ANSWERED)
            return Answered(decision.reply, state)

        return CodeDialogue(engine, self._store, answering, self._phrases, self._rules)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """End lost calls and forget in time, while the block runs."""
        task = asyncio.create_task(self._housekeep())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _housekeep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._forget)
            except StoreUnavailable as error:
                log.warning("calls wait for housekeeping", extra={"cause": str(error)})
            except Exception as error:
                log.error("housekeeping of calls failed", extra={"cause": type(error).__name__})
            await asyncio.sleep(HOUSEKEEPING_SECONDS)

    def _forget(self) -> None:
        self._intake.housekeep()
        now = self._clock.now()
        with self._store() as unit:
            unit.filed.forget(now - SECRETS_AGAIN, now - KEEP_FILED)
            forget_unfiled(unit, now)
            unit.commit()


def call_rules(chosen: HotlineSettings) -> CallRules:
    """Return the rules of the settings."""
    return CallRules(
        keep_lines=timedelta(days=chosen.keep_lines_days),
        keep_numbers=timedelta(days=chosen.keep_numbers_days),
        code_life=timedelta(hours=chosen.code_hours),
        missed_tasks=chosen.missed_call_tasks,
        extensions=chosen.principal_of,
    )


def dialler_of(chosen: HotlineSettings) -> Dialler | None:
    """Return the switchboard that dials, where one is configured."""
    if not chosen.dial_url:
        return None
    token = chosen.dial_token.get_secret_value() if chosen.dial_token else ""
    return HttpDialler(chosen.dial_url, token, chosen.dial_seconds)


def admission_of(chosen: HotlineSettings) -> Admission:
    """Return the secrets of the settings."""

    def plain(secret: SecretStr | None) -> str:
        return secret.get_secret_value() if secret else ""

    return Admission(
        token=plain(chosen.token),
        transcript_token=plain(chosen.transcript_token),
        query_token=plain(chosen.query_token),
        signing_secret=plain(chosen.signing_secret),
    )
