"""The web API's requests and answers, as they are validated and documented."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.messages import Event, EventKind

MAX_TEXT_CHARS = 20_000
VIET_NAM = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")  # without daylight saving since 1975


def encodable(value: object) -> object:
    """Replace what no database or UTF-8 stream can carry: NUL and lone surrogates become U+FFFD."""
    if not isinstance(value, str):
        return value
    paired = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\x00", "\ufffd")


class MessageIn(BaseModel):
    """A citizen's message, or a pressed quick reply."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"client_message_id": "m-3f9a01", "text": "muon lap hoi o xa can giay to gi"},
                {"client_message_id": "m-3f9a02", "text": "Lệ phí", "button": "f:fee:NV025"},
            ]
        },
    )

    client_message_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\-]{1,64}$")] = Field(
        description="Chosen by the client, unique in the session: sending it again stores nothing new.",
    )
    text: Annotated[str, BeforeValidator(encodable), Field(max_length=MAX_TEXT_CHARS)] = Field(
        description="The words as typed (a button's title when one was pressed). May be empty."
    )
    button: Annotated[str, Field(pattern=r"^[\w:@.\- ]+$", max_length=200)] | None = Field(
        default=None, description="The id of the pressed quick reply."
    )
    now: dt.datetime | None = Field(
        default=None,
        description="Evaluation only: the turn's clock (Asia/Ho_Chi_Minh where no offset is given). "
        "Needs the header `X-Evaluation-Token`.",
    )

    def clock(self) -> dt.datetime | None:
        """Return `now` as aware UTC.

        Raises OverflowError for a moment that UTC cannot express (year 1 or 9999 with an offset).
        """
        if self.now is None:
            return None
        aware = self.now if self.now.tzinfo is not None else self.now.replace(tzinfo=VIET_NAM)
        return aware.astimezone(dt.UTC)


class SessionOpened(BaseModel):
    """A new session; the renewal secret is shown this once."""

    session_id: str = Field(examples=["s_Q3Jx0bXo2mJ7bqf1yK9d5g"])
    token: str = Field(description="Send it as `Authorization: Bearer …` with every further request.")
    expires_at: dt.datetime = Field(description="After this the token is refused (UTC).")
    renewal: str = Field(description="Only for `POST …/token`, which gives new tokens.")
    renewable_until: dt.datetime = Field(description="The session's end: after this there are no new tokens (UTC).")


class TokenRenewed(BaseModel):
    """A new token of the same session."""

    token: str = Field(description="Send it as `Authorization: Bearer …` from now on.")
    expires_at: dt.datetime = Field(description="After this the token is refused (UTC).")


class NoticeOut(BaseModel):
    """A notice of the office, shown above the chat."""

    text: str
    english: str = Field(description="The same in English; may be empty.")
    until: dt.datetime = Field(description="Hide it from this moment on (UTC).")


class MessageAccepted(BaseModel):
    """The message is stored; its reply comes as an event."""

    sequence: int = Field(description="The message's place in the conversation.", examples=[2])
    duplicate: bool = Field(description="True when this client_message_id had been stored before.")


class EventOut(BaseModel):
    """One entry of the conversation, in the stream and in the history alike."""

    sequence: int = Field(description="1, 2, … without gaps; the `Last-Event-ID` of the stream.", examples=[3])
    kind: EventKind = Field(
        description="`citizen` has a body {text}; the others a reply payload; `operator` is a person."
    )
    turn_id: str | None = Field(description="The turn that this answers.")
    at: dt.datetime = Field(description="When it was stored (UTC).")
    body: dict[str, Any] = Field(
        description="Reply payload: {act, text, blocks, sources, buttons, data}.",
        examples=[
            {
                "act": "answer_documents",
                "text": "Hồ sơ gồm 2 loại giấy tờ.",
                "blocks": [
                    {"kind": "list", "text": "", "title": "Hồ sơ", "items": ["Đơn đề nghị", "Dự thảo điều lệ"]}
                ],
                "sources": [{"kind": "decision", "label": "Quyết định công bố số …", "url": None}],
                "buttons": [{"id": "f:fee:NV025", "title": "Lệ phí"}],
                "data": {},
            }
        ],
    )

    @classmethod
    def of(cls, event: Event) -> "EventOut":
        """Return the event as the API shows it."""
        return cls(
            sequence=event.sequence, kind=event.kind, turn_id=event.turn_id, at=event.created_at, body=event.body
        )
