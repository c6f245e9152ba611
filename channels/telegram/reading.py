"""Reads updates of the Bot API into what arrived. Pure; the fields are those of core.telegram.org/bots/api."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.core.channels.contract import Arrival, BadBody, Incoming, Media
from channels.telegram.fields import (
    Fields,
    count,
    degrees,
    moment,
    number,
    optional_string,
    parse,
    part,
    string,
)

NAME = "telegram"
MAX_FILE = 20 * 1024 * 1024  # what getFile hands out
# What is asked of the assistant by /help; words that the dialogue understands.
HELP = "bạn làm được gì"
TOKEN = re.compile(r"[\x21-\x7e]{1,24}")  # as in bot.core.channels.contract.Choice
_COMMAND = re.compile(r"/(start|help)(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_PHONE_MARKS = str.maketrans("", "", " .-()")


def read_update(body: bytes) -> tuple[Incoming, ...]:
    """Return what an update says to the assistant: nothing for groups, channels, other bots and kinds we do not use.

    `platform_id` is the update's number, which is the same at every delivery. `text` is the payload of a deep link
    for OPENED, «latitude,longitude» for LOCATION, the emoji for STICKER, the caption for files. Raises BadBody alone.
    """
    update = parse(body)
    update_id = number(update, "update_id")
    if update_id < 0:
        raise BadBody("update_id is negative")
    kinds = [kind for kind in _KINDS if kind in update]
    if len(kinds) > 1:
        raise BadBody("two kinds in one update")
    arrived = _KINDS[kinds[0]](part(update, kinds[0]), str(update_id)) if kinds else None
    return (arrived,) if arrived else ()


def _private_address(message: Fields) -> str | None:
    """Return the chat of a private message; None for groups, channels and kinds of chat to come."""
    chat = part(message, "chat")
    chat_id = number(chat, "id")
    if string(chat, "type") != "private":
        return None
    if chat_id <= 0:
        raise BadBody("a private chat without a person")
    return str(chat_id)


def _message(message: Fields, update_id: str) -> Incoming | None:
    address = _private_address(message)
    if address is None or ("from" in message and part(message, "from").get("is_bot") is True):
        return None
    # «date» counts seconds; of what was written in the same one, the update's number tells what came first.
    base = Incoming(NAME, update_id, address, Arrival.IGNORED, sent_at=moment(message, "date"), order=int(update_id))
    for field, reader in _CONTENTS.items():
        if field in message:
            return reader(message, base)
    return None  # a service message: something pinned, a timer set


def _edited(message: Fields, update_id: str) -> Incoming | None:
    """Of what can be edited only words are read; captions and places stay as they were sent."""
    arrived = _message(message, update_id)
    if arrived is None:
        return None
    sent_at = moment(message, "edit_date") if "edit_date" in message else arrived.sent_at
    if not arrived.ref:
        return Incoming(NAME, update_id, arrived.address, Arrival.IGNORED, sent_at=sent_at, order=arrived.order)
    return replace(arrived, kind=Arrival.EDITED, sent_at=sent_at)


def _text(message: Fields, base: Incoming) -> Incoming:
    text = string(message, "text")
    base = replace(base, ref=str(number(message, "message_id")))
    command = _COMMAND.fullmatch(text)
    if not command:
        return replace(base, kind=Arrival.TEXT, text=text)
    rest = (command[2] or "").strip()
    if command[1] == "start" and (not rest or _DEEP_LINK.fullmatch(rest)):
        return replace(base, kind=Arrival.OPENED, text=rest)
    return replace(base, kind=Arrival.TEXT, text=rest or HELP)


def _contact(message: Fields, base: Incoming) -> Incoming:
    """Their own number, told by the sender's id; a card of somebody else is a number that was typed."""
    contact = part(message, "contact")
    phone = string(contact, "phone_number").translate(_PHONE_MARKS)
    if not _PHONE.fullmatch(phone):
        return replace(base, kind=Arrival.CONTACT)
    phone = phone if phone.startswith(("+", "0")) else f"+{phone}"
    own = "user_id" in contact and str(number(contact, "user_id")) == base.address
    return replace(base, kind=Arrival.CONTACT, phone=phone) if own else replace(base, kind=Arrival.TEXT, text=phone)


def _location(message: Fields, base: Incoming) -> Incoming:
    """The text is «latitude,longitude» in degrees, five decimals (a metre)."""
    location = part(message, "location")
    place = f"{degrees(location, 'latitude', 90):.5f},{degrees(location, 'longitude', 180):.5f}"
    return replace(base, kind=Arrival.LOCATION, text=place)


def _photo(message: Fields, base: Incoming) -> Incoming:
    """The largest size that can be fetched."""
    sizes = message["photo"]
    if not isinstance(sizes, list) or not sizes or not all(isinstance(size, dict) for size in sizes):
        raise BadBody("photo is not a list of sizes")
    ranked = sorted(
        ((number(size, "width") * number(size, "height"), index) for index, size in enumerate(sizes)), reverse=True
    )
    fitting = (sizes[index] for _, index in ranked if (count(sizes[index], "file_size") or 0) <= MAX_FILE)
    chosen = next(fitting, sizes[ranked[-1][1]])
    media = Media(string(chosen, "file_id"), mime="image/jpeg", size=count(chosen, "file_size"))
    return replace(base, kind=Arrival.FILE, text=optional_string(message, "caption"), media=(media,))


def _file(field: str, kind: Arrival = Arrival.FILE) -> Callable[[Fields, Incoming], Incoming]:
    def read(message: Fields, base: Incoming) -> Incoming:
        file = part(message, field)
        media = Media(
            string(file, "file_id"),
            optional_string(file, "file_name"),
            optional_string(file, "mime_type") or ("video/mp4" if field == "video_note" else ""),
            count(file, "file_size"),
            count(file, "duration"),
        )
        return replace(base, kind=kind, text=optional_string(message, "caption"), media=(media,))

    return read


def _shown(message: Fields, base: Incoming) -> Incoming:
    """Something to look at that says nothing we can read; a sticker's emoji is kept."""
    emoji = optional_string(part(message, "sticker"), "emoji") if "sticker" in message else ""
    return replace(base, kind=Arrival.STICKER, text=emoji)


def _button(query: Fields, update_id: str) -> Incoming | None:
    person = part(query, "from")
    person_id = number(person, "id")
    if person_id <= 0:
        raise BadBody("a button without a person")
    if "message" in query and _private_address(part(query, "message")) is None:
        return None
    # A changed client can send any data, also from old messages: what is no token of ours is of no consequence.
    data = optional_string(query, "data")
    base = Incoming(NAME, update_id, str(person_id), Arrival.IGNORED)
    return replace(base, kind=Arrival.BUTTON, button=data) if TOKEN.fullmatch(data) else base


def _membership(change: Fields, update_id: str) -> Incoming | None:
    """In a private chat: the person blocked the assistant or let it in again."""
    address = _private_address(change)
    if address is None:
        return None
    old = string(part(change, "old_chat_member"), "status")
    new = string(part(change, "new_chat_member"), "status")
    kind = Arrival.IGNORED
    if new in {"kicked", "left"}:
        kind = Arrival.LEFT
    elif new == "member" and old != "member":
        kind = Arrival.OPENED
    return Incoming(NAME, update_id, address, kind, sent_at=moment(change, "date"), order=int(update_id))


_KINDS: dict[str, Callable[[Fields, str], Incoming | None]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _button,
    "my_chat_member": _membership,
}
# In this order: an animation comes with a document, a venue with a location.
_CONTENTS: dict[str, Callable[[Fields, Incoming], Incoming]] = {
    "text": _text,
    "contact": _contact,
    "location": _location,
    "photo": _photo,
    "voice": _file("voice", Arrival.VOICE),
    "document": _file("document"),
    "audio": _file("audio"),
    "video": _file("video"),
    "video_note": _file("video_note"),
    "animation": _file("animation"),
    **dict.fromkeys(("sticker", "dice", "poll", "game", "story", "checklist", "paid_media"), _shown),
}
