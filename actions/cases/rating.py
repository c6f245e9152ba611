"""Ratings: of how a case was handled, of a visit, of the assistant; and praise, kept without made-up stars."""

from dataclasses import replace
from datetime import timedelta

from actions.cases.follow_replies import BUTTON, FollowReplies
from actions.turn_action import Decision
from bot.core.cases.effects import ChangeCase, Effect, RaiseTask, Rate
from bot.core.cases.following import Wish
from bot.core.cases.interview import OWN_BUTTON
from bot.core.cases.scoring import (
    announces_praise,
    asks_for_rating,
    given_score,
    of_assistant,
    of_case,
    passes_on,
    praises,
    score_of,
    scores_nothing,
)
from bot.core.cases.state import Case, Status
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.replies import Button
from bot.core.routes import Outcome, Route
from bot.core.story import yes_no

LOW_SCORE = 2
SCORES = frozenset("12345")
# What is awaited after praise, and the key under which its words wait for a score.
STARS = PRAISE = "praise"
# What is awaited after the bare question for a score; no answer to it has more words.
SCORE, ANSWER_WORDS = "score", 6
# What is awaited after «tôi muốn khen».
WORDS = "praise_words"
_READ_WITHIN = timedelta(days=7)


class CaseRating:
    """Decides turns that rate or praise."""

    def __init__(self, replies: FollowReplies) -> None:
        self._replies = replies
        self._word = replies.phrases.word

    def survey(self, signal: Signal, state: ConversationState) -> Decision:
        """Take a rating of the last transaction; a low one is answered with an open ear, praise is kept in words."""
        score = score_of(signal.text)
        if score is not None:
            act = "follow_rated_assistant" if of_assistant(signal.text) else None
            return self.scored(score, signal.text, state, act)
        if announces_praise(signal.text):
            return self._replies.said("praise_ask", replace(_surveying(state), awaited=WORDS))
        if praises(signal.text):
            return self._praised(signal, state)
        asking = replace(_surveying(state), awaited=SCORE)
        return self._replies.said("survey_ask", asking, self._stars("score"))

    def after_announcing(self, signal: Signal, state: ConversationState) -> Decision | None:
        """Take the words of praise that were announced; None for anything else."""
        told = praises(signal.text) or signal.intent == Route.SURVEY.value
        return self._praised(signal, state) if told and given_score(signal.text) is None else None

    def after_asking(self, signal: Signal, state: ConversationState) -> Decision | None:
        """Take a short answer to the question for a score; None for anything else."""
        score = score_of(signal.text, asked=True) if len(signal.text.split()) <= ANSWER_WORDS else None
        return self.scored(score, signal.text, replace(state, awaited=None)) if score else None

    def scored(self, score: int, comment: str, state: ConversationState, act: str | None = None) -> Decision:
        """Keep a score that belongs to no case, with the words it came with."""
        low = score <= LOW_SCORE and act is None
        buttons = (Button(f"{OWN_BUTTON}open", self._word("report_it")),) if low else ()
        effects = (Rate(None, score, comment),)
        act = act or ("survey_rated_low" if low else "survey_rated")
        return self._replies.said(act, _surveying(state, score), buttons, effects, score=score)

    def _praised(self, signal: Signal, state: ConversationState) -> Decision:
        """Keep the words where people read them at once, and ask for a score once: they go with it if it comes.

        The store takes no rating without a score.
        """
        words = signal.raw or signal.text
        state = replace(_surveying(state), awaited=STARS, held={**state.held, PRAISE: words})
        none = Button(f"{BUTTON}praise:none", self._word("praise_no_score"))
        task = RaiseTask("praise", signal.text, signal.now + _READ_WITHIN)
        return self._replies.said("praise_kept", state, (*self._stars("praise"), none), (task,))

    def after_praise(self, signal: Signal, state: ConversationState) -> Decision | None:
        """Answer what follows praise: a score, none, «ghi nhận giúp tôi»; None for anything else."""
        button = signal.button or ""
        value = button.removeprefix(f"{BUTTON}praise:") if button else ""
        score = int(value) if value in SCORES else None if button else score_of(signal.text, asked=True)
        words = state.held.get(PRAISE, "")
        state = replace(state, awaited=None)
        if score and not praises(signal.text):
            held = {k: v for k, v in state.held.items() if k != PRAISE}
            state = replace(_surveying(state, score), held=held)
            return self._replies.said(
                "praise_rated", state, (), (Rate(None, score, words or signal.text),), score=score
            )
        if value == "none" or (not button and _only_praises(signal.text)):
            return self._replies.said("praise_stays", _surveying(state))
        return None

    def begin(self, case: Case, signal: Signal, state: ConversationState) -> Decision:
        """Take a rating while a case is at hand: of that case only where it has an answer to rate."""
        if not signal.button and (praises(signal.text) or of_assistant(signal.text)):
            return self.survey(signal, state)
        if case.status is Status.WITHDRAWN:
            return self._replies.about("follow_no_rating", case, state)
        if case.status is not Status.CLOSED and not signal.button and not of_case(signal.text):
            # There is no outcome yet: what is rated is how the citizen was served.
            return self.survey(signal, state)
        if score := score_of(signal.text):
            return self.rated(case, score, signal.text, state)
        stars = self._stars("rate")
        return self._replies.wait("follow_ask_rating", "rate", case, state, stars)

    def rated(self, case: Case, score: int, comment: str, state: ConversationState) -> Decision:
        """Keep the score of a case; a withdrawn one has nothing to rate."""
        if case.status is Status.WITHDRAWN:
            return self._replies.about("follow_no_rating", case, state)
        state = replace(state, facts={**state.facts, "survey_score": score})
        effects: tuple[Effect, ...] = (
            Rate(case.id, score, comment),
            ChangeCase(case.id, "rated", {"score": score, "comment": comment}, score=score),
        )
        return self._replies.about("follow_rated", case, state, effects, score=score)

    def _stars(self, what: str) -> tuple[Button, ...]:
        return tuple(Button(f"{BUTTON}{what}:{n}", self._word("stars", score=n)) for n in range(1, 6))


def rates(signal: Signal, case: Case, wish: Wish | None) -> bool:
    """True when a turn rates or praises something while `case` is at hand, whatever else Rasa takes it for.

    What is wanted of the case («mở lại đi») goes before; a story that Rasa takes for a rating is none.
    """
    text = signal.text
    if of_assistant(text) and given_score(text) is not None:
        return True
    if signal.intent != Route.SURVEY.value or wish not in {None, Wish.UNSATISFIED}:
        return False
    if wish is Wish.UNSATISFIED and case.status is Status.CLOSED:
        return given_score(text) is not None
    return score_of(text) is not None or praises(text) or asks_for_rating(text)


def _only_praises(text: str) -> bool:
    """True when an answer to the question for a score leaves the praise as it is."""
    return scores_nothing(text) or passes_on(text) or yes_no(text) is not None


def _surveying(state: ConversationState, score: int | None = None) -> ConversationState:
    facts = {**state.facts, "survey_score": score} if score else state.facts
    return replace(state, route=Route.SURVEY, outcome=Outcome.SMALL_TALK, reason=None, facts=facts)
