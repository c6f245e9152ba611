"""The reply payload that travels from an action to every channel, and its JSON form."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Block:
    """A part of a reply below its first sentence(s): `kind` is paragraph, list, documents, steps, note or warning.

    `list`, `documents` (papers to get ready) and `steps` (numbered) use `items`; the others use `text`.
    """

    kind: str
    text: str = ""
    title: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where an answer is written; `kind` is decision, legal_basis, portal or checked_on."""

    kind: str
    label: str
    url: str | None = None


@dataclass(frozen=True)
class Button:
    """A quick reply: pressing it posts `title` as the text and `id` as the button."""

    id: str
    title: str


@dataclass(frozen=True)
class Reply:
    """One reply. `act` names its template; `text` alone (≤ 60 words) is a complete first answer."""

    act: str
    text: str
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        """Return the JSON-ready `{act, text, blocks, sources, buttons, data}`."""
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Reply":
        """Read back what `to_payload` wrote."""
        return cls(
            act=payload["act"],
            text=payload["text"],
            blocks=tuple(Block(**{**b, "items": tuple(b["items"])}) for b in payload["blocks"]),
            sources=tuple(Source(**s) for s in payload["sources"]),
            buttons=tuple(Button(**b) for b in payload["buttons"]),
            data=payload["data"],
        )
