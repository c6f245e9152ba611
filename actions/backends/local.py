"""The complaint backend that comes with the project: small, real, and the reference for integrators."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from actions.backends.contract import MUST_REFUSE_BYTES, CaseIn, EventIn, StateOut, canonical, content_sha256
from actions.backends.ledger import Ledger, Sealer
from bot.core.cases.ports import Attachment, Receipt
from bot.core.errors import BackendRefused
from bot.core.ports import Clock

FILE_NAME = "backend.db"
# What `tiepdan backend set-state` offers; any other word is a state too.
KNOWN_STATES = ("received", "in_progress", "answered", "closed")


class LocalBackend:
    """`bot.core.cases.ports.ComplaintBackend` over a database file of its own; also takes attachments.

    Usable in process and behind actions.backends.server. Other processes may use the same file at the same time.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self._clock = clock

    @classmethod
    def open(cls, folder: Path, sealer: Sealer, clock: Clock) -> "LocalBackend":
        """Open the database in `folder`, made where there is none. Raises ConfigurationError, one line."""
        ledger = Ledger(folder / FILE_NAME, sealer)
        ledger.check()
        return cls(ledger, clock)

    async def file(self, payload: dict[str, Any], key: str) -> Receipt:
        """Keep a case; see ComplaintBackend."""
        return (await self.accept_case(payload, key))[0]

    async def add_event(self, reference: str, payload: dict[str, Any], key: str) -> Receipt:
        """Keep an event; see ComplaintBackend."""
        return (await self.accept_event(reference, payload, key))[0]

    async def find(self, key: str) -> Receipt | None:
        """Return the receipt of a key, or None."""
        return await asyncio.to_thread(self.ledger.receipt, key)

    async def state(self, reference: str) -> dict[str, Any]:
        """Return the fields of actions.backends.contract.StateOut."""
        return (await self.stored_state(reference)).model_dump(mode="json")

    async def attach(self, reference: str, attachment: Attachment, content: bytes) -> None:
        """Keep a file of a case; again with the same bytes it changes nothing."""
        await self.accept_attachment(reference, attachment.id, attachment.media_type, content)

    async def aclose(self) -> None:
        """Close the database."""
        await asyncio.to_thread(self.ledger.close)

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        """Like `file`, and whether it is new."""
        body = _body(CaseIn, payload)
        return await asyncio.to_thread(self.ledger.accept_case, key, body, self._clock.now())

    async def accept_event(self, reference: str, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        """Like `add_event`, and whether it is new."""
        body = _body(EventIn, payload)
        return await asyncio.to_thread(self.ledger.accept_event, reference, key, body, self._clock.now())

    async def accept_attachment(self, reference: str, attachment_id: str, media_type: str, content: bytes) -> bool:
        """Keep a file; False when it was there."""
        now = self._clock.now()
        return await asyncio.to_thread(
            self.ledger.accept_attachment, reference, attachment_id, media_type, content, now
        )

    async def stored_state(self, reference: str) -> StateOut:
        """Return where a case stands, with the digest of what is stored."""
        found = await asyncio.to_thread(self.ledger.state, reference)
        return StateOut(
            reference=found.reference,
            key=found.key,
            state=found.state,
            text=found.text,
            updated_at=found.updated_at,
            content_sha256=content_sha256(_read(found.body)),
        )


def _body(model: type[CaseIn] | type[EventIn], payload: Mapping[str, Any]) -> bytes:
    """Return the canonical body of a valid payload. Raises BackendRefused without quoting it."""
    try:
        model.model_validate(payload)
        body = canonical(dict(payload))
    except ValidationError as error:
        fields = sorted({str(item["loc"][0]) for item in error.errors() if item["loc"]} & set(model.model_fields))
        raise BackendRefused(f"nội dung không đúng quy cách ({', '.join(fields) or 'trường lạ'})") from None
    except ValueError:
        raise BackendRefused("nội dung có ký tự hoặc số không ghi được") from None
    if len(body) > MUST_REFUSE_BYTES:
        raise BackendRefused("nội dung quá lớn")
    return body


def _read(body: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(body)
    return value
