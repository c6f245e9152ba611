"""A reply as messages of a channel that shows only text and a few buttons. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.channels.contract import Capabilities, Choice, Outgoing
from bot.core.replies import Block, Button, Reply

# Where a long text may be cut, the best place first.
_CUTS = (
    re.compile(r"\n\n+"),
    re.compile(r"\n+"),
    re.compile(r"(?<=[.!?…:;])\s+"),
    re.compile(r"(?<=,)\s+"),
    re.compile(r"\s+"),
)
_NUMBER = re.compile(r"\s*(?:số|mục|câu|chọn|cái|thứ|so|muc|cau|chon|cai)?\s*(\d{1,2})\s*[.)]?\s*", re.IGNORECASE)


def token(sequence: int, index: int) -> str:
    """Return what stands for a button of an event: at most 24 ASCII bytes for any event of a conversation."""
    return f"{sequence}.{index}"


def buttons_of(body: Mapping[str, Any]) -> tuple[Button, ...]:
    """Return the buttons of an event's body; none where it is not as we write it."""
    try:
        return tuple(Button(str(button["id"]), str(button["title"])) for button in body.get("buttons", ()))
    except (KeyError, TypeError):
        return ()


def parse_token(text: str) -> tuple[int, int] | None:
    """Return (sequence, index) of a token, or None for anything else."""
    found = re.fullmatch(r"(\d{1,12})\.(\d{1,3})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def chosen(text: str, titles: Sequence[str], *, numbers: bool = True) -> int | None:
    """Return which of the offered buttons a typed answer means: its number in the list, or its title as shown.

    Without `numbers` the buttons stood there unnumbered, and a bare number means something else.
    """
    if numbers and (number := _NUMBER.fullmatch(text)) and 1 <= int(number[1]) <= len(titles):
        return int(number[1]) - 1
    typed = _same(text)
    return next((i for i, title in enumerate(titles) if typed and typed == _same(title)), None)


def is_numbered(titles: Sequence[str], capabilities: Capabilities) -> bool:
    """True when a reply with these buttons shows them numbered in its text, so that a bare number means one."""
    shown = [unicodedata.normalize("NFC", title) for title in titles]
    return len(shown) > capabilities.buttons or any(len(title) > capabilities.button_title for title in shown)


def messages(reply: Reply, sequence: int, capabilities: Capabilities, *, choose: str) -> tuple[Outgoing, ...]:
    """Return the messages that say a reply, in order, each within the capabilities; at least one.

    The buttons go under the last one. Where there are more than fit, or a title is too long, all are numbered in the
    text below `choose` («Anh/chị nhắn số để chọn:») and the first ones are buttons too.
    """
    parts = (reply.text, *map(_block, reply.blocks), _sources(reply))
    text = unicodedata.normalize("NFC", "\n\n".join(filter(None, parts)))
    titles = [unicodedata.normalize("NFC", button.title) for button in reply.buttons]
    numbered = is_numbered(titles, capabilities)
    if numbered:
        text = "\n\n".join((text, "\n".join((choose, *(f"{i}. {title}" for i, title in enumerate(titles, 1))))))
    choices = tuple(
        Choice(token(sequence, i), _short(f"{i + 1}. {title}" if numbered else title, capabilities.button_title))
        for i, title in enumerate(titles[: capabilities.buttons])
    )
    pieces = list(split(text, capabilities.text_limit))
    return tuple(
        Outgoing(f"{sequence}.{i}", part, choices if i == len(pieces) - 1 else ()) for i, part in enumerate(pieces)
    )


def split(text: str, limit: int) -> Iterator[str]:
    """Yield pieces of at most `limit` characters, cut between paragraphs, else lines, sentences, words."""
    rest = text.strip()
    while len(rest) > limit:
        at, after = next(filter(None, (_cut(rest, limit, pattern) for pattern in _CUTS)), (limit, limit))
        yield rest[:at].rstrip()
        rest = rest[after:].lstrip()
    yield rest


def _cut(text: str, limit: int, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """Return where the last such gap that still fits begins and ends; none in the first third, that reads badly."""
    found = None
    for match in pattern.finditer(text, 0, limit + 2):
        if limit // 3 <= match.start() <= limit:
            found = match.span()
    return found


def _block(block: Block) -> str:
    mark = "{n}. " if block.kind == "steps" else "• "
    items = [f"{mark.format(n=n)}{item}" for n, item in enumerate(block.items, 1)]
    title = f"{block.title}:" if block.title and (items or block.text) else block.title
    return "\n".join(filter(None, (title, block.text, *items)))


def _sources(reply: Reply) -> str:
    return "\n".join(f"{source.label}{f' ({source.url})' if source.url else ''}" for source in reply.sources)


def _short(title: str, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().strip(" .!").split())
