"""What goes into the enquiry's state machine and what comes out of it: a turn's signals, and what to answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.conversation import Choice
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Agency, Reason, Route


class Kind(StrEnum):
    """What the reply must do."""

    ANSWER = "answer"
    SEVERAL = "several"
    COMPARE = "compare"
    ASK_CASE = "ask_case"
    ASK_LEVEL = "ask_level"
    CLARIFY = "clarify"
    COMPARE_WHICH = "compare_which"
    WHICH = "which"
    RESTATE = "restate"
    REFUSE = "refuse"
    PERSON = "person"


class Remark(StrEnum):
    """What is said below an answer besides its facts; TOPIC: nothing is unclear, a matter comprises the choices."""

    LEVELS_ALIKE = "levels_alike"
    OTHER_LEVEL = "other_level"
    ONLY_LEVEL = "only_level"
    PERSONAL = "personal"
    TOPIC = "topic"


@dataclass(frozen=True)
class Signal:
    """What is known of a turn besides the context: the citizen's cleaned text, Rasa's intent, a pressed button.

    `guess` is Rasa's best intent where it was too unsure to give one (`intent` is then nlu_fallback). `raw` is the
    text as typed, in whole, for what the citizen wants kept (a story, a number to be called at); no more. `chosen`
    says that the citizen has just picked this kind of turn among others: it is not doubted once more.
    """

    text: str
    intent: str
    confidence: float
    now: datetime
    button: str | None = None
    guess: str | None = None
    raw: str = ""
    conversation_id: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Enquiry:
    """What to answer; `procedure` and `choices` are resolved versions valid at the turn's `now`.

    `more` are the facets to answer after `facet`. `twin` is the same matter at the other level, where the citizen has
    not said which level is theirs. `parts` are the matters of SEVERAL (ANSWER, REFUSE or CLARIFY each, in order) and
    of COMPARE (ANSWER each). `choices` of a REFUSE are near topics, `office` is where else to go.
    """

    kind: Kind
    facet: Facet = Facet.GENERAL
    procedure: Procedure | None = None
    replacements: tuple[Procedure, ...] = ()
    case: str | None = None
    choices: tuple[Choice, ...] = ()
    route: Route = Route.ASK_PROCEDURE
    reason: Reason | None = None
    agency: Agency | None = None
    more: tuple[Facet, ...] = ()
    twin: Procedure | None = None
    remarks: tuple[Remark, ...] = ()
    parts: tuple["Enquiry", ...] = ()
    office: str | None = None

    @property
    def facets(self) -> tuple[Facet, ...]:
        """All facets to answer, in order."""
        return (self.facet, *self.more)
