"""Consent that was given by word of mouth or on paper, put into a draft. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.cases.draft import Draft
from bot.core.cases.filing import CONSENT_VERSION
from bot.core.cases.lifecycle import Incomplete
from bot.core.cases.record import Contact
from bot.core.story import Identity

# What was said is recorded while it is fresh; a letter may have been under way, or lain, for long.
OLDEST_SPOKEN, OLDEST_WRITTEN = timedelta(days=2), timedelta(days=366)
AHEAD = timedelta(minutes=2)


class Consents(StrEnum):
    """How somebody agreed that their contact is kept."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    NONE = "none"


@dataclass(frozen=True)
class ContactConsent:
    """The act of consent, and when it was given (None: now)."""

    how: Consents
    said_at: datetime | None = None

    @property
    def version(self) -> str:
        """The wording that was agreed to, and how: «spoken/2026-11-1»."""
        return f"{self.how.value}/{CONSENT_VERSION}"


def consented(draft: Draft, consent: ContactConsent, now: datetime) -> Draft:
    """Return the draft with what was agreed to: without consent nobody's contact is kept, as in the chat.

    Raises Incomplete for a moment at which nobody can have agreed.
    """
    if consent.how is Consents.NONE or draft.child:
        return replace(draft.identified(Identity.ANONYMOUS), consent=False)
    said_at = consent.said_at or now
    oldest = OLDEST_WRITTEN if consent.how is Consents.WRITTEN else OLDEST_SPOKEN
    if not now - oldest <= said_at <= now + AHEAD:
        raise Incomplete(("consent.said_at",))
    if draft.identity is Identity.ANONYMOUS:
        return replace(draft, contact=Contact())
    return replace(draft, consent=True, consent_at=min(said_at, now), consent_version=consent.version)
