"""«Hồ sơ của tôi đến đâu rồi»: said honestly that we cannot see it, and where to look it up."""

import re
from dataclasses import replace

from actions.turn_action import Decision
from bot.core.conversation import ConversationState
from bot.core.phrases import Phrases
from bot.core.replies import Reply, Source
from bot.core.routes import Outcome, Reason, Route
from bot.core.signals import Signal

# H26.15.02-261008-0975, 000.00.01.H26-230101-0001 (data/pii_patterns: dossier_code)
DOSSIER_CODE = re.compile(r"(?:000\.\d{2}\.\d{2}\.)?[HG]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}(?!\d)", re.IGNORECASE)


class TrackAction:
    """Decides a turn that asks for the state of a file."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Return where the file can be looked up; its code, if given, is kept in the state."""
        code = DOSSIER_CODE.search(signal.text)
        act = "track_code" if code else "track"
        facts = {**state.facts, **({"dossier_code": code[0].upper()} if code else {})}
        contacts = self._phrases.contacts
        reply = Reply(
            act=act,
            text=self._phrases.say(act, state.address),
            sources=(Source("portal", contacts.portal, contacts.portal_url),),
        )
        state = replace(
            state,
            route=Route.TRACK_CASE,
            outcome=Outcome.REFUSED,
            reason=Reason.NEEDS_FILE,
            agency=None,
            facts=facts,
        )
        return Decision(reply, state)
