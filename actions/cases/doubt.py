"""«Chuyện này đã xảy ra, hay anh/chị muốn hỏi trước?»: asked once where words may be either; they are held.

Of what may be feedback on a rule it is asked whether it is to be sent.
"""

import re
from dataclasses import replace

from actions.turn_action import Decision
from bot.core.cases.heard import Heard
from bot.core.cases.interview import OWN_BUTTON
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import happened, mark
from bot.core.phrases import Phrases
from bot.core.privacy import mask
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route
from bot.core.story import is_cancel, yes_no
from bot.core.turns import MAX_READ_CHARACTERS
from nlu.text import clean, fold

# What is awaited, and the keys under which the words and their route are held.
DOUBT, DOUBTED_ROUTE = "doubt", "doubt_route"
# The behaviours that were read in the held words, which evaluation asks for.
DOUBTED_CODES = "doubted"
DOUBT_BUTTON, ASKS_BUTTON = f"{OWN_BUTTON}doubt:happened", f"{OWN_BUTTON}doubt:asks"
_ANSWER_WORDS, FEW_WORDS = 9, 4
# How sure the reader must be that something happened: from HAPPENED on a draft is opened, below MAY_HAVE_HAPPENED the
# message is taken for a question, in between it is asked; what looks like a mere question is asked from SURELY on.
# Who names the office or the counter is believed sooner. Chosen on sets A to E of docs/complaints.md; OWN_DATED and
# TERSE were added once F, G and H had been opened.
DOUBTED = frozenset({Route.REPORT_STAFF, Route.DENUNCIATION, Route.FORMAL_COMPLAINT})
HAPPENED, HAPPENED_THERE, MAY_HAVE_HAPPENED, SURELY = 0.85, 0.72, 0.08, 0.9
HEARD_OF = 0.97
# What says where and when is believed so far; below that it may be praise.
DATED = 0.45
# Likewise where the words themselves say that it happened to the writer.
OWN_DATED = 0.2
# A few words («bị mắng») say little to the reader; what it believes less is a sigh («tham nhũng, chán thật»).
TERSE = 0.15
# «tôi muốn phản ánh phường …» needs no proof.
_WANTS = re.compile(r"\b(?:muon|xin|can|de nghi) (?:duoc )?(?:phan anh|to cao|khieu nai|to giac)\b")
_HAPPENED = re.compile(
    r"\b(?:da (?:xay ra|bi|gap)|xay ra roi|that (?:roi|do|day|ma)|chuyen that|co that|bi (?:roi|that)|gap roi"
    r"|(?:muon|can) (?:phan anh|gop y)|phan anh luon|ghi (?:di|giup|lai|ho|gium|phan anh|gop y))\b"
    r"|^(?:da )?(?:roi|xay ra)(?: (?:a|do|day|ma))?$"
    r"|^(?:(?:toi|em|chau|minh) )?(?:muon |can |xin )?(?:gui |dong )?(?:gop y|de xuat|kien nghi)"
    r"(?! (?:o dau|the nao|nhu the))\b"
)
_ASKS = re.compile(
    r"\b(?:hoi (?:thoi|truoc|cho biet|choi|gium|ho|vay)|chi hoi|dang hoi|(?:muon|toi|em|minh|la|de) hoi$"
    r"|chua (?:xay ra|bi|gap|co)|chua$|khong phai (?:phan anh|chuyen cua))\b|^hoi$"
)


class CaseDoubt:
    """Asks whether something happened, and reads the answer. Nothing is opened until it is given."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def ask(self, signal: Signal, heard: Heard, state: ConversationState) -> Decision:
        """Hold the words and ask."""
        words = (signal.raw or signal.text)[:MAX_READ_CHARACTERS]
        held = {**state.held, DOUBT: words, DOUBTED_ROUTE: heard.route.value}
        of_rule = heard.route is Route.REGULATION_FEEDBACK
        act, yes = ("case_doubt_rule", "doubt_proposes") if of_rule else ("case_doubt", "doubt_happened")
        word = self._phrases.word
        buttons = (Button(DOUBT_BUTTON, word(yes)), Button(ASKS_BUTTON, word("doubt_asks")))
        reply = Reply(act, self._phrases.say(act, state.address), buttons=buttons)
        facts = {**state.facts, DOUBTED_CODES: list(heard.judgement.behaviours)}
        asked = replace(
            state,
            held=held,
            facts=facts,
            awaited=DOUBT,
            route=heard.route,
            outcome=Outcome.CLARIFICATION,
            reason=None,
            agency=None,
        )
        return Decision(reply, asked)

    def answer(self, signal: Signal) -> bool | None:
        """Return whether it happened, or None for anything that is no answer."""
        if signal.button:
            return {DOUBT_BUTTON: True, ASKS_BUTTON: False}.get(signal.button)
        folded = fold(signal.text)
        if len(folded.split()) > _ANSWER_WORDS:
            return None
        if is_cancel(signal.text) or _ASKS.search(folded):
            return False
        return True if _HAPPENED.search(folded) else yes_no(signal.text)

    def told(self, signal: Signal, held: str, route: str | None) -> Signal:
        """Return the held words as a message of the route that was doubted; else one of officials' conduct."""
        text = mask(clean(held))
        intent = route if route == Route.REGULATION_FEEDBACK else Route.REPORT_STAFF.value
        return replace(signal, text=text, raw=held, button=None, intent=intent, confidence=1.0)


def plainly_told(heard: Heard, sure: float) -> bool:
    """True for what nobody asks so: an announced report of an office, a few words like «bị mắng», a place and a day.

    `sure` is how sure the reader is that it happened, 0–1.
    """
    if heard.words <= FEW_WORDS:
        return sure >= TERSE and not heard.asks
    if heard.units and not heard.asks and _WANTS.search(heard.folded):
        return True
    if not ((heard.units or heard.facts.counter) and heard.when):
        return False
    own = happened(mark(heard.text))
    return (own and sure >= OWN_DATED) or (not heard.asks and sure >= DATED)


def enough(heard: Heard) -> float:
    """Return how sure the reader must be that what a message tells of happened."""
    if mark(heard.text).has("asking.hearsay"):
        return HEARD_OF  # «đọc báo thấy …»
    return HAPPENED_THERE if heard.units or heard.facts.counter else HAPPENED
