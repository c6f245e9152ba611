"""Running the clauses against a backend."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from actions.backends.verify.clauses import CLAUSES
from actions.backends.verify.probe import ClauseFailed, Probe, Unheard
from bot.core.backend.signing import SigningKey
from bot.core.clock import SystemClock
from bot.core.ports import Clock


@dataclass(frozen=True)
class ClauseResult:
    """What one clause came to; `detail` says what was wrong."""

    number: int
    name: str
    title: str
    passed: bool
    detail: str = ""


async def verify(
    url: str, key: SigningKey, client: httpx.AsyncClient, clock: Clock | None = None
) -> AsyncIterator[ClauseResult]:
    """Check every clause in turn against the backend at `url`, and give each result as it comes.

    Files test cases there that say so of themselves: run it on a test instance. Ends at the clause at which no
    connection could be made or our secret was not taken: the others could not be judged.
    """
    probe = Probe(client, url, key, clock or SystemClock())
    for number, clause in enumerate(CLAUSES, 1):
        try:
            await clause.check(probe)
        except ClauseFailed as failure:
            yield ClauseResult(number, clause.name, clause.title, False, str(failure))
            if isinstance(failure, Unheard):
                return
        except httpx.HTTPError as error:
            lost = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            detail = f"{'không kết nối được' if lost else 'không trả lời được'} ({type(error).__name__})"
            yield ClauseResult(number, clause.name, clause.title, False, detail)
            if lost:
                return
        else:
            yield ClauseResult(number, clause.name, clause.title, True)
