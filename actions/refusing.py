"""What is said where a question cannot be answered: why, and what helps instead. Pure."""

from actions.wording import clip
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Enquiry
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Agency, Reason, Route

# After this many turns in a row that were not answered, a person is offered.
FAILURES_BEFORE_PERSON = 2
TITLE_WORDS = 16
ACTS = {
    (Reason.NOT_UNDERSTOOD, Route.OUT_OF_SCOPE): "refuse_not_understood",
    (Reason.NOT_IN_CATALOGUE, Route.OUT_OF_SCOPE): "refuse_smalltalk_topic",
    (Reason.NEEDS_FILE, Route.ASK_PROCEDURE): "refuse_needs_file",
    (Reason.NEEDS_PERSON, Route.ASK_PROCEDURE): "refuse_needs_person",
    (Reason.BEING_REVISED, Route.ASK_PROCEDURE): "refuse_being_revised",
}
# These reasons are settled by asking somebody; the others by asking otherwise.
FOR_A_PERSON = frozenset({Reason.NEEDS_FILE, Reason.NEEDS_PERSON, Reason.BEING_REVISED})
EXAMPLES = ("example_1", "example_2")


class Refusing:
    """Composes refusals; immutable."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def reply(self, enquiry: Enquiry, state: ConversationState) -> Reply:
        """Return the refusal with its reason and the next step; `state` already counts this failure."""
        buttons: tuple[Button, ...] = ()
        if enquiry.reason is not Reason.OTHER_AGENCY and enquiry.reason not in FOR_A_PERSON:
            buttons = self._topics(enquiry)
        if state.failures >= FAILURES_BEFORE_PERSON or enquiry.reason in FOR_A_PERSON:
            buttons += (Button("human", self._phrases.word("ask_person")),)
        if enquiry.reason is Reason.OTHER_AGENCY:
            act, facts = self.other_body(enquiry, state.address)
            return Reply(act, self._phrases.say(act, state.address, **facts), buttons=buttons)
        act = ACTS.get((enquiry.reason or Reason.NOT_IN_CATALOGUE, enquiry.route), "refuse_not_in_catalogue")
        if act == "refuse_not_in_catalogue" and enquiry.choices:
            act = "refuse_near"
        return Reply(act, self._phrases.say(act, state.address), buttons=buttons)

    def other_body(self, enquiry: Enquiry, address: str | None) -> tuple[str, dict[str, str]]:
        """Return the act that names the other body, and its facts."""
        if enquiry.agency in {None, Agency.OTHER}:
            return (
                ("refuse_other_office", {"office": enquiry.office}) if enquiry.office else ("refuse_other_body", {})
            )
        name, where = self._phrases.agency(str(enquiry.agency), address)
        return "refuse_other_agency", {"agency": name, "agency_where": where}

    def _topics(self, enquiry: Enquiry) -> tuple[Button, ...]:
        near = tuple(Button(f"f:general:{c.procedure_id}", clip(c.title, TITLE_WORDS)) for c in enquiry.choices)
        return near or tuple(Button(f"t:{name}", self._phrases.word(name)) for name in EXAMPLES)
