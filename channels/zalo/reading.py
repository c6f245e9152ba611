"""Reading the bodies of Zalo's webhook: pure, and nothing but BadBody for what is none of them.

Addresses are `user id`, or `anon:{anonymous id}:{conversation id}` for people who chat without an account.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.core.channels.contract import Arrival, BadBody, Incoming, Media
from channels.zalo.parsing import coordinate, count, identifier, inner, load_object, moment, words

CHANNEL = "zalo"
ANONYMOUS = "anon:"
BUTTON_PREFIX = "#chon:"
MAX_ATTACHMENTS = 30
MAX_URL = 2_048
_TOKEN = re.compile(r"[!-~]{1,24}", re.ASCII)
_EVENT = re.compile(r"[a-z][a-z0-9_]{2,63}", re.ASCII)
_PHONE = re.compile(r"\+?(?:84|0)?([2-9]\d{8,9})", re.ASCII)
_GROUP = re.compile(r"(?:^|_)group(?:_|$)")
# Known and of no consequence for a conversation (zalo.md §6.3).
_SILENT = frozenset({
    "user_seen_message", "user_received_message", "user_reacted_message", "oa_reacted_message",
    "oa_send_consent", "user_reply_consent", "user_call_oa", "oa_call_user",
    "add_user_to_tag", "remove_user_from_tag", "update_user_info", "widget_interaction_accepted",
    "change_template_status", "change_template_quota", "change_oa_daily_quota", "change_oa_template_tags",
})  # fmt: skip
_AUDIO_MIME = {
    "amr": "audio/amr", "m4a": "audio/mp4", "aac": "audio/aac", "mp3": "audio/mpeg", "ogg": "audio/ogg",
    "opus": "audio/ogg", "wav": "audio/wav", "3gp": "audio/3gpp", "webm": "audio/webm",
}  # fmt: skip
# The text of a card is of somebody, not necessarily of the citizen: its number is not taken for theirs.
_KINDS = {
    "text": Arrival.TEXT,
    "link": Arrival.TEXT,
    "image": Arrival.FILE,
    "gif": Arrival.FILE,
    "video": Arrival.FILE,
    "file": Arrival.FILE,
    "audio": Arrival.VOICE,
    "location": Arrival.LOCATION,
    "sticker": Arrival.STICKER,
    "business_card": Arrival.STICKER,
}


@dataclass(frozen=True)
class ReadingRules:
    """What of the uncertain facts bears upon reading.

    `oa_id`: bodies of another account are refused; empty: any. `audio_endings`: a file named so is a voice message.
    `own_admin_ids`: administrators under whose name programs write, which does not count as an officer.
    `followers_only`: somebody who only pressed «chat now» may not be written to.
    """

    oa_id: str = ""
    button_prefix: str = BUTTON_PREFIX
    audio_endings: frozenset[str] = frozenset(_AUDIO_MIME)
    own_admin_ids: frozenset[str] = frozenset()
    followers_only: bool = False


@dataclass(frozen=True)
class _Event:
    name: str
    fields: dict[str, Any]
    rules: ReadingRules

    def make(self, address: str, kind: Arrival, **more: Any) -> Incoming:
        return Incoming(
            CHANNEL, _platform_id(self.name, self.fields), address, kind, sent_at=moment(self.fields), **more
        )

    def person(self, role: str) -> str:
        """Return the id of sender, recipient or follower. Raises BadBody."""
        return identifier(inner(self.fields, role).get("id"), role)

    def account(self, *candidates: object) -> None:
        """Check that the event is for our account. Raises BadBody."""
        named = [identifier(value, "account") for value in candidates if value is not None]
        if self.rules.oa_id and any(value != self.rules.oa_id for value in named):
            raise BadBody("another account")


def identity(body: bytes) -> str:
    """Return the id under which a body is kept, the same at every redelivery; never raises.

    It is the `platform_id` of what `read` returns; a body that `read` refuses or passes over has one too.
    """
    try:
        fields = load_object(body)
        return _platform_id(_name(fields), fields)
    except BadBody:
        return f"body:{hashlib.sha256(body).hexdigest()[:40]}"


def read(body: bytes, rules: ReadingRules = ReadingRules()) -> tuple[Incoming, ...]:
    """Return what a body says; empty for the `{}` of saving the address and for what is of no consequence.

    Linear in the body's length. Raises BadBody, and nothing but that.
    """
    fields = load_object(body)
    if not fields:
        return ()
    event = _Event(_name(fields), fields, rules)
    if event.name in _SILENT or _GROUP.search(event.name):
        return ()
    reader = _READERS.get(event.name) or next(
        (reader for prefix, reader in _PREFIXES if event.name.startswith(prefix)), None
    )
    if reader is None:
        raise BadBody("unknown event")
    arrived = reader(event)
    return () if arrived is None else (arrived,)


def _name(fields: dict[str, Any]) -> str:
    name = fields.get("event_name")
    if not isinstance(name, str) or not _EVENT.fullmatch(name):
        raise BadBody("bad event_name")
    return name


def _platform_id(name: str, fields: dict[str, Any]) -> str:
    """Return the message's own id, or one made of the event's own fields where it has none.

    The ids of people are only in a digest: this id is stored as it is. Echoes and marks repeat a message's id.
    """
    msg_id = inner(fields, "message").get("msg_id")
    if msg_id is not None:
        msg_id = identifier(msg_id, "msg_id")
        citizen = name.startswith(("user_send_", "anonymous_send_")) and not _GROUP.search(name)
        return msg_id if citizen else f"{name}:{msg_id}"
    # A re-sent event has the same body; only the order of its keys is not promised.
    try:
        canonical = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:
        raise BadBody("too deep") from None
    return f"{name}:{hashlib.sha256(canonical).hexdigest()[:40]}"


def _from_person(event: _Event) -> Incoming | None:
    event.account(inner(event.fields, "recipient").get("id"))
    return _message(event, event.person("sender"), event.name.removeprefix("user_send_"))


def _from_anonymous(event: _Event) -> Incoming | None:
    event.account(inner(event.fields, "recipient").get("id"))
    return _message(event, _anonymous(event, "sender"), event.name.removeprefix("anonymous_send_"))


def _anonymous(event: _Event, role: str) -> str:
    conversation = identifier(inner(event.fields, "message").get("conversation_id"), "conversation_id")
    return f"{ANONYMOUS}{event.person(role)}:{conversation}"


def _message(event: _Event, address: str, what: str) -> Incoming | None:
    message = inner(event.fields, "message")
    if "msg_id" not in message:
        raise BadBody("no msg_id")
    text = words(message, "text")
    # An event of a new kind is still something that a citizen sent: it gets an answer, if only «please write».
    kind = _KINDS.get(what, Arrival.TEXT if text.strip() else Arrival.STICKER)
    payloads = _attachments(message)
    if what == "text":
        token = text.strip().removeprefix(event.rules.button_prefix)
        if token != text.strip() and _TOKEN.fullmatch(token):
            return event.make(address, Arrival.BUTTON, button=token)
    if kind is Arrival.TEXT:
        text = _with_links(text, payloads)
        return event.make(address, kind, text=text) if text.strip() else None
    if kind is Arrival.LOCATION:
        point = inner(payloads[0], "coordinates") if payloads else {}
        where = (coordinate(point.get("latitude"), 90), coordinate(point.get("longitude"), 180))
        return event.make(address, kind, text=",".join(where))
    if kind is Arrival.STICKER:
        return event.make(address, kind)
    media = tuple(_media(payload, what, event.rules) for payload in payloads)
    if not media:
        raise BadBody("no attachment")
    if all(part.mime.startswith("audio/") for part in media):
        kind = Arrival.VOICE
    return event.make(address, kind, text=text, media=media)


def _attachments(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the payloads of a message's attachments. Raises BadBody."""
    attachments = message.get("attachments")
    if attachments is None:
        return []
    if not isinstance(attachments, list) or len(attachments) > MAX_ATTACHMENTS:
        raise BadBody("bad attachments")
    if not all(isinstance(attachment, dict) for attachment in attachments):
        raise BadBody("bad attachments")
    return [inner(attachment, "payload") for attachment in attachments]


def _with_links(text: str, payloads: list[dict[str, Any]]) -> str:
    """Return the text with what its link says; the link itself is never opened."""
    said = [text]
    for payload in payloads:
        parts = (words(payload, "description"), words(payload, "url"))
        said += [part for part in parts if part and part not in text]
    return "\n".join(part for part in said if part.strip())


def _media(payload: dict[str, Any], what: str, rules: ReadingRules) -> Media:
    url = words(payload, "url", MAX_URL)
    if not url:
        raise BadBody("no url")
    name = words(payload, "name", MAX_URL)
    declared = words(payload, "type", 200).lower()
    ending = name.rpartition(".")[2].lower() if "." in name else declared.rpartition("/")[2]
    if what == "file":
        mime = _AUDIO_MIME.get(ending, "audio/unknown") if ending in rules.audio_endings else ""
        mime = mime or (declared if "/" in declared else "")
    else:
        # The container of a recording is not settled: its bytes tell.
        mime = {"gif": "image/gif", "image": "", "audio": "audio/unknown", "video": "video/mp4"}.get(what, "")
    return Media(url, name=name, mime=mime, size=count(payload.get("size")), seconds=count(payload.get("duration")))


def _followed(event: _Event) -> Incoming:
    event.account(event.fields.get("oa_id"))
    kind = Arrival.OPENED if event.name == "follow" else Arrival.LEFT
    return event.make(event.person("follower"), kind)


def _clicked(event: _Event) -> Incoming | None:
    event.account(event.fields.get("oa_id"))
    address = identifier(event.fields.get("user_id"), "user_id")
    return None if event.rules.followers_only else event.make(address, Arrival.OPENED)


def _submitted(event: _Event) -> Incoming:
    """Take the telephone number alone: no more of the form is needed."""
    event.account(inner(event.fields, "recipient").get("id"))
    phone = inner(event.fields, "info").get("phone")
    if isinstance(phone, int) and not isinstance(phone, bool) and 0 <= phone < 10**16:
        phone = str(phone)
    if phone is not None and not isinstance(phone, str):
        raise BadBody("bad phone")
    found = _PHONE.fullmatch(re.sub(r"[\s.\-]", "", phone[:40])) if phone else None
    return event.make(event.person("sender"), Arrival.CONTACT, phone=f"0{found[1]}" if found else None)


def _echoed(event: _Event) -> Incoming | None:
    """Read what the account itself sent: of an officer in Zalo's own console, or of this program."""
    event.account(inner(event.fields, "sender").get("id"))
    admin = inner(event.fields, "sender").get("admin_id")
    anonymous = event.name.startswith("oa_send_anonymous_")
    address = _anonymous(event, "recipient") if anonymous else event.person("recipient")
    # Some samples carry the field without a value.
    if admin in (None, "", 0, "0") or identifier(admin, "admin_id") in event.rules.own_admin_ids:
        return None
    return event.make(address, Arrival.OFFICER, text=words(inner(event.fields, "message"), "text"))


def _withdrawn(event: _Event) -> Incoming:
    event.account(event.fields.get("oa_id"))
    return event.make(identifier(event.fields.get("user_id"), "user_id"), Arrival.ERASE)


_READERS: dict[str, Callable[[_Event], Incoming | None]] = {
    "follow": _followed,
    "unfollow": _followed,
    "user_click_chatnow": _clicked,
    "user_submit_info": _submitted,
    "user_withdraw": _withdrawn,
}
_PREFIXES: tuple[tuple[str, Callable[[_Event], Incoming | None]], ...] = (
    ("user_send_", _from_person),
    ("anonymous_send_", _from_anonymous),
    ("oa_send_", _echoed),
)
