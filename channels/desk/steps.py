"""The bodies of `POST /api/desk/cases/{case_id}/{verb}`: one schema for each verb."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.cases.lifecycle import MAX_TEXT, RULES, Step, Verb
from bot.core.cases.state import Finding


def _storable(value: object) -> object:
    """Replace what no database can carry."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "\ufffd")


def _told(value: str) -> str:
    if not value.strip():
        raise ValueError("blank")
    return value


Text = Annotated[str, BeforeValidator(_storable), Field(min_length=1, max_length=MAX_TEXT), AfterValidator(_told)]
Short = Annotated[str, BeforeValidator(_storable), Field(min_length=1, max_length=300), AfterValidator(_told)]
Reason = Annotated[str, BeforeValidator(_storable), Field(min_length=3, max_length=500), AfterValidator(_told)]
Optional = Annotated[str, BeforeValidator(_storable), Field(max_length=MAX_TEXT)]
Id = Annotated[str, Field(pattern=r"^[\w.:@-]{1,100}$")]

_NOTE = "A line to whom the case goes; name nobody in it."
_CLOSING = "Names nobody and has no personal number: it is shown to the citizen and in the public register."


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonIn(_Body):
    """Why; kept in the audit, so name nobody in it."""

    reason: Reason


class NothingIn(_Body):
    """Nothing goes with it."""


class PublishIn(_Body):
    """Which answer is approved: the one that was read, and no other."""

    answer_sequence: int = Field(
        ge=1, le=2**31 - 1, description="`answer_sequence` of the case as it was read. 409 where it was written anew."
    )


class AssignIn(_Body):
    """To a unit or to an officer, not to both."""

    unit: Id | None = Field(default=None, description="The unit's id, such as HN-00004.")
    person: Id | None = Field(default=None, description="The principal's id.")
    note: Optional = Field(default="", description=_NOTE)
    text: Optional = Field(default="", description="A summary that the unit reads in place of the redacted story.")
    files: list[Id] = Field(
        default_factory=list, max_length=50, description="Ids of images that you looked at and clear for the unit."
    )


class InspectIn(_Body):
    """Refer to an inspection team."""

    team: Short
    reason: Reason


class FindingsIn(_Body):
    """What the inspection team found."""

    text: Text
    document: Short


class ReplyIn(_Body):
    """A unit's reply. Without reason or remedy it may be sent back."""

    text: Text
    reason: Optional = ""
    remedy: Optional = ""
    document: Annotated[str, Field(max_length=300)] = ""


class ExplainIn(_Body):
    """The official's own explanation; sealed like the story."""

    text: Text


class _Closing(_Body):
    text: Text = Field(description=f"The answer. {_CLOSING}")
    reason: Text = Field(description=f"What it rests on. {_CLOSING}")
    document: Short = Field(description=f"The document or file that it is written in. {_CLOSING}")
    remedy: Text = Field(description="What the citizen can do next if they do not agree.")
    confirmed: bool = Field(
        default=False, description="You read it again: the words that 422 `may-name-somebody` listed name nobody."
    )


class AnswerIn(_Closing):
    """The closing answer."""

    finding: Finding


class ReferIn(_Closing):
    """The answer that another, named body is to be asked; its finding is «not ours»."""

    body: Short = Field(description="The body that is to be asked.")


class CorrectIn(AnswerIn):
    """A published answer written anew; the old one stays in the timeline."""

    note: Text = Field(description="What was corrected, as the register will say.")


BODIES: Mapping[Verb, type[BaseModel]] = {
    Verb.RELEASE: ReasonIn,
    Verb.ASSIGN: AssignIn,
    Verb.INSPECT: InspectIn,
    Verb.FINDINGS: FindingsIn,
    Verb.REPLY: ReplyIn,
    Verb.EXPLAIN: ExplainIn,
    Verb.SEND_BACK: ReasonIn,
    Verb.ANSWER: AnswerIn,
    Verb.REFER: ReferIn,
    Verb.PUBLISH: PublishIn,
    Verb.CLOSE: NothingIn,
    Verb.CORRECT: CorrectIn,
    Verb.PARK: ReasonIn,
    Verb.UNPARK: ReasonIn,
}
SUMMARIES: Mapping[Verb, str] = {
    Verb.RELEASE: "Let a case go on",
    Verb.ASSIGN: "Give a case to a unit or an officer",
    Verb.INSPECT: "Refer a case to an inspection team",
    Verb.FINDINGS: "Record what the team found",
    Verb.REPLY: "Give the unit's reply",
    Verb.EXPLAIN: "Record the official's own explanation",
    Verb.SEND_BACK: "Send a reply back that lacks a reason or a remedy",
    Verb.ANSWER: "Write the answer",
    Verb.REFER: "Answer that another body is to be asked",
    Verb.PUBLISH: "Approve an answer as the second person",
    Verb.CLOSE: "Close a case: the citizen has the answer",
    Verb.CORRECT: "Write a closed answer anew",
    Verb.PARK: "Set suspected spam aside",
    Verb.UNPARK: "Take a case back that was no spam",
}


def step_of(verb: Verb, body: BaseModel) -> Step:
    """Return the step that a body asks for."""
    given: dict[str, Any] = body.model_dump()
    if "files" in given:
        given["files"] = tuple(given["files"])
    return Step(verb, **given)


def describe(verb: Verb) -> str:
    """Return what the API's documentation says of a verb."""
    rule = RULES[verb]
    states = ", ".join(sorted(state.value for state in rule.before))
    after = f"to {rule.after.value}" if rule.after else "and stays there"
    second = " The second person is not the one who wrote the answer." if rule.second_person else ""
    if verb is Verb.PARK:
        second = " Of anybody but the supervisor it is a request, until a second person asks for it too."
    roles = ", ".join(sorted(role.value for role in rule.roles))
    return f"From {states} {after}. For {roles}.{second} 409 in any other state, or where somebody was faster."
