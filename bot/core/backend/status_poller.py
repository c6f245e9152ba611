"""Asking the complaint backend now and then where the undecided cases stand."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.backend.states import Recorded, StateReport, UnusableReport, record_state
from bot.core.cases.ports import ComplaintBackend
from bot.core.cases.state import Case, CaseFilter, Status
from bot.core.errors import BackendRefused, BackendUnavailable, CaseConflict
from bot.core.ports import Clock, UnitOfWorkFactory

log = logging.getLogger(__name__)
UNDECIDED = tuple(status for status in Status if status not in {Status.CLOSED, Status.WITHDRAWN, Status.PARKED})
_PAGE = 100


@dataclass(frozen=True)
class PollSettings:
    """`interval_seconds` between rounds; a case whose state there is in `final` is not asked about any more."""

    interval_seconds: float = 300.0
    final: frozenset[str] = frozenset({"closed"})


class StatusPoller:
    """Reads states; those that the project does not know are kept too."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        backend: ComplaintBackend,
        clock: Clock,
        settings: PollSettings | None = None,
    ) -> None:
        self._units = units
        self._backend = backend
        self._clock = clock
        self._settings = settings or PollSettings()

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await asyncio.sleep(self._settings.interval_seconds)
            try:
                await self.run_once()
            except Exception as error:
                # Whatever it was, the next round may go better.
                log.warning("poll of states failed", extra={"cause": type(error).__name__})

    async def run_once(self) -> int:
        """Ask about every undecided case that was handed over; return how many have a new state.

        A backend that does not answer ends the round. Raises StoreUnavailable.
        """
        changed = 0
        for case in await asyncio.to_thread(lambda: list(self._undecided())):
            try:
                told = await self._backend.state(case.backend_reference or "")
            except BackendRefused as refusal:
                log.warning("state refused", extra={"case_id": case.id, "cause": str(refusal)})
                continue
            except BackendUnavailable as failure:
                log.warning("states cannot be asked for", extra={"cause": str(failure)})
                break
            report = StateReport(
                str(told["state"]), str(told.get("text") or ""), datetime.fromisoformat(str(told["updated_at"]))
            )
            try:
                recorded = await asyncio.to_thread(record_state, self._units, case.id, report, self._clock.now())
            except CaseConflict:
                continue  # others are at work on it: the next round sees it again
            except UnusableReport as failure:
                log.warning("state not taken", extra={"case_id": case.id, "cause": str(failure)})
                continue
            changed += recorded is Recorded.NEW
        return changed

    def _undecided(self) -> Iterator[Case]:
        """Give the cases page by page; linked cases share a moment, so pages overlap by it."""
        before: datetime | None = None
        seen: set[str] = set()
        while True:
            with self._units() as unit:
                page = unit.cases.list(CaseFilter(status=UNDECIDED), _PAGE, before)
            fresh = [case for case in page if case.id not in seen]
            seen.update(case.id for case in fresh)
            yield from (c for c in fresh if c.backend_reference and c.backend_state not in self._settings.final)
            if len(page) < _PAGE:
                return
            last = page[-1].record.received_at
            before = last + timedelta(microseconds=1) if fresh else last
