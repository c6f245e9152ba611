"""Turns about a filed case of the conversation: whose message is about it, and what it wants of it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from actions.cases.alarm import ALARM, LATE
from actions.cases.changes import CaseChanges
from actions.cases.doubt import DOUBT
from actions.cases.follow_replies import BUTTON, FollowReplies
from actions.cases.rating import SCORE, SCORES, STARS, WORDS, CaseRating, rates
from actions.cases.which import WHICH, CaseWhich
from actions.turn_action import Decide, Decision
from bot.core.cases.belonging import Belongs, belongs, names_other_unit, refers_back
from bot.core.cases.following import Wish, carries, forgets_secret, says_case, speaks_of_codes, wish_of
from bot.core.cases.heard import Heard, StoryReader
from bot.core.cases.number import claimed_secret, names_case, numbers_in, tells_secret
from bot.core.cases.scoring import of_case, score_of
from bot.core.cases.state import Case, Status
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Block
from bot.core.routes import Outcome, Route
from bot.core.story import is_cancel, yes_no

# Another action's question: whether a late file is to be reported, somebody is safe, or it happened (opening.py).
OTHERS_AWAIT = frozenset({LATE, ALARM, DOUBT})
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# No answer to «chắc chứ?» or to the question for a score has so many words.
LONG_WORDS = 12
SHORT_WORDS = 7
_TELLS_NOTHING = frozenset(
    {
        "affirm",
        "capability",
        "deny",
        "greeting",
        "injection",
        "privacy_request",
        "talk_to_human",
        "thanks_bye",
        "track_case",
    }
)
# With a question mark they ask about something else than what was awaited.
_OF_PROCEDURES = frozenset({"ask_procedure", "follow_up", "choose_option", "correction", "nlu_fallback"})
_ELSEWHERE = frozenset({"ask_procedure", "talk_to_human", "track_case", "emergency"})


class CaseFollow:
    """Decides turns about a filed case of the conversation, and ratings."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory, track: Decide, reader: StoryReader) -> None:
        self._units = units
        self._track = track
        self._reader = reader
        self._replies = FollowReplies(phrases)
        self._changes = CaseChanges(self._replies, units)
        self._rating = CaseRating(self._replies)
        self._which = CaseWhich(self._replies, self._changes)
        self.survey = self._rating.survey

    def around(self, decide: Decide) -> Decide:
        """Return a decision that takes what was awaited or asked about a case, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            if state.draft is not None:
                return decide(signal, replace(state, awaited=None))
            if signal.button:
                return self._button(signal.button, signal, state, decide)
            if tells_secret(signal.raw or signal.text) or (
                Route.INJECTION in {signal.intent, signal.guess} and speaks_of_codes(signal.text)
            ):
                # Whatever it reminds of, a code of a case is for looking that case up.
                return self._track(signal, state)
            awaited = (state.awaited or "").partition(":")[0]
            if awaited in {"number", "secret"}:
                raw = signal.raw or signal.text
                if names_case(raw) or claimed_secret(raw) or self._asks_of_codes(awaited, signal.text):
                    return self._track(signal, state)
                # Whatever else is said, nobody goes on asking for a number.
                return decide(signal, replace(state, awaited=None))
            if awaited == WORDS and (praised := self._rating.after_announcing(signal, state)):
                return praised
            if awaited == SCORE and (scored := self._rating.after_asking(signal, state)):
                return scored
            if awaited == STARS and (after := self._rating.after_praise(signal, state)):
                return after
            case = self._case(state.case_id) if state.case_id else None
            if case is None:
                return decide(signal, state if awaited in OTHERS_AWAIT else replace(state, awaited=None))
            return self._at_hand(case, signal, state, decide)

        return decided

    def _asks_of_codes(self, awaited: str, text: str) -> bool:
        """True for a word about the code that was asked for; only who lost a number has to go another way."""
        if forgets_secret(text):
            return awaited == "secret"
        return len(text.split()) <= LONG_WORDS and speaks_of_codes(text)

    def _at_hand(self, case: Case, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        """Decide a message while a case is at hand."""
        awaited = state.awaited
        free = state if awaited in OTHERS_AWAIT else replace(state, awaited=None)
        if awaited in OTHERS_AWAIT and (yes_no(signal.text) is not None or awaited == ALARM):
            return decide(signal, state)
        if set(numbers_in(signal.raw or signal.text)) - {case.number}:
            return decide(signal, free)
        wish = wish_of(signal.text, near=awaited is not None or _near(state))
        if awaited == WHICH and (chosen := self._which.answered(case, signal, free, decide)):
            return chosen
        if awaited in {"add", "reopen", "rate", "withdraw"} and not self._asks_else(signal, wish, awaited):
            return self._given(awaited, case, signal, free)
        joined = awaited == WHICH
        if joined and wish is None and (again := self._which.unanswered(case, signal, free)):
            return again
        if rates(signal, case, wish):
            return self._rating.begin(case, signal, free)
        if wish is Wish.NEW:
            return self._which.new(replace(signal, text="", raw=""), free, decide)
        if wish and (wished := self._wished(wish, case, signal, free)):
            return wished
        return self._told(case, signal, free, decide, adds=wish is Wish.ADD, joined=joined)

    def _asks_else(self, signal: Signal, wish: Wish | None, awaited: str) -> bool:
        """True when a message does not answer what was awaited of it."""
        if signal.intent in _ELSEWHERE and "?" in signal.text:
            return True
        if awaited in {"add", "reopen"} and self._reader.hear(signal).kind.danger:
            return True
        if (
            awaited in {"rate", "withdraw"}
            and len(signal.text.split()) > LONG_WORDS
            and score_of(signal.text) is None
        ):
            return True
        return wish in {Wish.HOW_LONG, Wish.STATUS, Wish.FILE, Wish.WITHDRAW} and wish.value != awaited

    def _button(self, button: str, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        state = replace(state, awaited=None)
        what, _, value = button.removeprefix(BUTTON).partition(":")
        if not button.startswith(BUTTON):
            return decide(signal, state)
        if what == "score" and value in SCORES:
            return self._rating.scored(int(value), "", state)
        if what == "praise" and (after := self._rating.after_praise(replace(signal, text=""), state)):
            return after
        if not state.case_id:
            return decide(signal, state)
        case = self._case(state.case_id)
        signal = replace(signal, text="", raw="") if what != "file" else signal
        match what:
            case "status":
                return self._status(case, signal, state)
            case "rate" if value in SCORES:
                return self._rating.rated(case, int(value), "", state)
            case "rate":
                return self._rating.begin(case, signal, state)
            case "withdraw" if value:
                return self._changes.withdrawn(case, state, sure=value == "yes")
            case "withdraw":
                return self._changes.withdraw(case, state)
            case "reopen":
                return self._changes.reopen(case, signal, state)
            case "add":
                return self._changes.add(case, signal, state)
            case "file":
                return self._file(case, replace(signal, button=None), state, decide)
            case "which":
                return self._which.pressed(f"{BUTTON}which:{value}", case, signal, state, decide)
            case _:
                return self._replies.about("follow_kept", case, state)

    def _file(self, case: Case, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        """Take a file that came while a case is at hand, with its caption."""
        heard = self._reader.hear(signal)
        if heard.kind.danger:
            return decide(signal, state)
        if names_other_unit(heard, case.record) or not _near(state):
            return self._which.ask(case, signal, state)
        return self._changes.added(case, signal, state, "follow_file_added")

    def _wished(self, wish: Wish, case: Case, signal: Signal, state: ConversationState) -> Decision | None:
        """Do what a message wants of the case; None where it is to be read as a story."""
        match wish:
            case Wish.KEEP:
                return self._replies.about("follow_kept", case, state)
            case Wish.WITHDRAW:
                return self._changes.withdraw(case, state)
            case Wish.STATUS:
                return self._status(case, signal, state)
            case Wish.HOW_LONG:
                today = signal.now.astimezone(_VIETNAM).date()
                return self._changes.how_long(case, state, today) or self._status(case, signal, state)
            case Wish.FILE:
                return self._changes.how_files(case, state)
            case Wish.NAMING:
                return self._changes.added(case, signal, state, "follow_naming_added")
            case Wish.REOPEN:
                return self._changes.reopen(case, signal, state)
            case Wish.UNSATISFIED if case.status is Status.CLOSED and not case.reopened:
                return self._unsatisfied(case, signal, state)
            case _:
                return None

    def _unsatisfied(self, case: Case, signal: Signal, state: ConversationState) -> Decision | None:
        heard = self._reader.hear(signal)
        if heard.kind.danger or heard.asks or names_other_unit(heard, case.record):
            return None
        if heard.words <= SHORT_WORDS or of_case(signal.text):
            return self._changes.reopen(case, signal, state)
        return self._which.ask(case, signal, state)

    def _told(
        self, case: Case, signal: Signal, state: ConversationState, decide: Decide, *, adds: bool, joined: bool
    ) -> Decision:
        """Decide a message that may tell more of the case's matter, or of another."""
        if case.status is Status.WITHDRAWN or not (adds or self._tells(signal)):
            return self._changes.add(case, signal, state) if adds else decide(signal, state)
        heard = self._reader.hear(signal)
        if signal.intent in _OF_PROCEDURES and not (adds or _near(state)):
            return decide(signal, state)
        asks = signal.intent in {"ask_procedure", "follow_up"} and not heard.judgement.behaviours
        if adds and asks and not (refers_back(heard) or says_case(signal.text)):
            return decide(signal, state)
        where = belongs(heard, case.record, adds=adds, near=_near(state))
        if where is Belongs.EITHER:
            open_to_it = case.status is not Status.CLOSED or not case.reopened
            return self._which.ask(case, signal, state, joined=joined) if open_to_it else decide(signal, state)
        if where is Belongs.CASE:
            if case.status is Status.CLOSED and not case.reopened and carries(signal.text):
                return self._which.ask(case, signal, state, joined=joined)
            return self._changes.add(case, signal, state) if adds else self._changes.added(case, signal, state)
        decision = decide(signal, state)
        return self._alarmed(case, signal, heard, decision) if adds else decision

    def _alarmed(self, case: Case, signal: Signal, heard: Heard, decision: Decision) -> Decision:
        """Keep in the case what was to be added to it although danger had to be answered first."""
        if not heard.kind.danger:
            return decision
        note = Block("note", self._replies.phrases.say("follow_added", decision.state.address, number=case.number))
        reply = replace(decision.reply, blocks=(*decision.reply.blocks, note))
        return replace(decision, reply=reply, effects=(*decision.effects, self._changes.addition(case, signal)))

    def _tells(self, signal: Signal) -> bool:
        """True when a message may tell of something; a question or a greeting does not."""
        if signal.intent in _TELLS_NOTHING:
            return False
        return not (signal.intent in {"ask_procedure", "follow_up"} and "?" in signal.text)

    def _given(self, awaited: str, case: Case, signal: Signal, state: ConversationState) -> Decision:
        """Take what was awaited about the case."""
        if is_cancel(signal.text) and awaited != "withdraw":
            return self._replies.about("follow_kept", case, state)
        if awaited == "add":
            if names_other_unit(self._reader.hear(signal), case.record):
                return self._which.ask(case, signal, state)
            return self._changes.added(case, signal, state)
        if awaited == "reopen":
            return self._changes.reopened(case, signal, state)
        if awaited == "rate":
            score = score_of(signal.text, asked=True)
            if score:
                return self._rating.rated(case, score, signal.text, state)
            return self._replies.about("follow_kept", case, state)
        # When unsure, the case stays.
        sure = yes_no(signal.text) is True or wish_of(signal.text, near=True) is Wish.WITHDRAW
        return self._changes.withdrawn(case, state, sure=sure)

    def _status(self, case: Case, signal: Signal, state: ConversationState) -> Decision:
        return self._track(replace(signal, text=case.number, raw=case.number, button=None), state)

    def _case(self, case_id: str) -> Case:
        with self._units() as unit:
            return unit.cases.case(case_id)


def _near(state: ConversationState) -> bool:
    """True when the talk was about the case, and not about a procedure, just before."""
    answered = state.outcome in {Outcome.ANSWERED, Outcome.CLARIFICATION}
    return not (state.route in {Route.ASK_PROCEDURE, Route.OTHER_AGENCY} and answered)
