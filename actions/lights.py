"""The validity light of a procedure: does what is said about it hold today, and for how long. Pure."""

from datetime import date, timedelta

from actions.compose import PROOF
from actions.wording import clip
from bot.core.phrases import vietnamese_date
from bot.core.procedures import Confidence, Facet, Procedure, Status
from bot.core.suggestions.found import Change
from bot.core.suggestions.items import Colour, Light
from bot.core.suggestions.words import SuggestWords

#: A change nearer than this is told.
SOON = timedelta(days=60)
_BODY_WORDS = 14


class Lights:
    """Judges; immutable."""

    def __init__(self, words: SuggestWords) -> None:
        self._words = words

    def light(self, p: Procedure, facet: Facet, change: Change | None, today: date) -> Light:
        """Return red for what has ended, amber for a doubt or a change that comes soon, else green."""
        return self._ended(p, today) or self._doubtful(p, today, change) or self._proven(p, facet)

    def _say(self, key: str, **facts: object) -> str:
        return self._words.say("light", key, None, **facts)

    def _ended(self, p: Procedure, today: date) -> Light | None:
        over = p.valid_to is not None and p.valid_to < today
        if not over and p.status not in {Status.REPEALED, Status.SUSPENDED}:
            return None
        key = "suspended" if p.status is Status.SUSPENDED else "repealed"
        if p.valid_to is None:
            return Light(Colour.RED, self._say(key))
        since = vietnamese_date(p.valid_to + timedelta(days=1))
        return Light(Colour.RED, self._say(f"{key}_since", date=since))

    def _doubtful(self, p: Procedure, today: date, change: Change | None) -> Light | None:
        if p.status is Status.ROUTING:
            body = clip(p.responsible or p.authority or "", _BODY_WORDS)
            return Light(Colour.AMBER, self._say("routing", body=body))
        if p.status in {Status.UNCERTAIN, Status.INTERNAL}:
            return Light(Colour.AMBER, self._say(p.status.value))
        if change is not None and change.day - today <= SOON:
            told = self._say(change.what, date=vietnamese_date(change.day), number=change.number or "")
            return Light(Colour.AMBER, told)
        if p.decision is None and p.legal_basis and not any(basis.in_force for basis in p.legal_basis):
            return Light(Colour.AMBER, self._say("no_basis"))
        return None

    def _proven(self, p: Procedure, facet: Facet) -> Light:
        proof = p.confidence.get(PROOF.get(facet, "identity"), Confidence.UNVERIFIED)
        if proof is Confidence.UNVERIFIED:
            return Light(Colour.AMBER, self._say("unverified"))
        return Light(Colour.GREEN, self._say("law" if proof is Confidence.LAW else "valid"))
