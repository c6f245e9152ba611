"""Bodies of each channel, genuine but for what an attack makes of them."""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from bot.core.channels.contract import Channel
from channels.telegram.webhook import SECRET_HEADER, derived_secret
from tests.fakes import telegram_updates as updates
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_webhook import ZaloWebhook

PICTURES = ("f1", "f2", "f3")
Event = dict[str, Any]


class ZaloMaker:
    """Zalo's webhook, signed. `began_ms` is the clock's moment when the attack begins."""

    huge = 262_144

    def __init__(self, fake: FakeZalo, channel: Channel, began_ms: int) -> None:
        self._fake, self._channel, self._began = fake, channel, began_ms
        self._webhook = ZaloWebhook(fake.state, "")

    def text(self, person: int, serial: int, text: str) -> Event:
        return self._event("user_send_text", person, serial, message={"msg_id": f"m{serial}", "text": text})

    def other(self, person: int, serial: int, chance: random.Random) -> Event:
        said: Event = {"msg_id": f"m{serial}"}
        picture = {"type": "image", "payload": {"url": f"{self._fake.url}/files/{chance.choice(PICTURES)}"}}
        place = {"type": "location", "payload": {"coordinates": {"latitude": "21.0", "longitude": "105.8"}}}
        makers: Sequence[Callable[[], Event]] = (
            lambda: self._event("user_send_text", person, serial, message=said | {"text": "#chon:1.0"}),
            lambda: self._event("user_send_sticker", person, serial, message=said),
            lambda: self._event("user_send_image", person, serial, message=said | {"attachments": [picture]}),
            lambda: self._event("user_send_location", person, serial, message=said | {"attachments": [place]}),
            lambda: self._event("user_submit_info", person, serial, info={"phone": "84900000000", "name": "Thử"}),
            lambda: self._event("follow", person, serial, oa_id=self._oa, follower={"id": self._address(person)}),
        )
        return chance.choice(makers)()

    def again(self, event: Event, text: str) -> Event:
        return event | {"message": event["message"] | {"text": text}}

    def identity(self, person: int, event: Event) -> str:
        return self._channel.read(json.dumps(event).encode())[0].platform_id

    def request(self, person: int, body: bytes, *, theirs: bool = True) -> tuple[str, dict[str, str]]:
        headers = self._webhook.headers(body, self._timestamp(body))
        if not theirs:
            forged = f"mac={hashlib.sha256(body).hexdigest()}"
            headers["X-ZEvent-Signature"] = ("", "mac=", "x" * 5_000, forged)[len(body) % 4]
        return "/channels/zalo", headers

    @property
    def _oa(self) -> str:
        return self._fake.state.oa_id

    def _address(self, person: int) -> str:
        return f"25000000000000{person:05}"

    def _event(self, name: str, person: int, serial: int, **fields: Any) -> Event:
        people = {"sender": {"id": self._address(person)}, "recipient": {"id": self._oa}}
        base = {"app_id": self._fake.state.app_id, "event_name": name, **people, **fields}
        return base | {"timestamp": str(self._began + serial)}

    def _timestamp(self, body: bytes) -> str:
        """Return what the signature covers: the body's own moment where it still has one."""
        try:
            own = json.loads(body)["timestamp"]
        except (ValueError, KeyError, TypeError, RecursionError):
            own = ""
        return own if isinstance(own, str) and own.isascii() and own.isdigit() else str(self._began)


class TelegramMaker:
    """Telegram's webhook, behind its two secrets."""

    huge = 262_144

    def __init__(self, token: str, channel: Channel) -> None:
        self._channel = channel
        self._path = f"/channels/telegram/{derived_secret(token, 'path')}"
        self._secret = derived_secret(token, "header")

    def text(self, person: int, serial: int, text: str) -> Event:
        return self._message(person, serial, text=text)

    def other(self, person: int, serial: int, chance: random.Random) -> Event:
        chat = self._chat(person)
        picture = updates.file_of(chance.choice(PICTURES), width=4, height=4)
        makers: Sequence[Callable[[], Event]] = (
            lambda: updates.pressed(chat, "1.0") | {"update_id": serial},
            lambda: self._message(person, serial, sticker=updates.file_of("s", emoji="👍")),
            lambda: self._message(person, serial, photo=[picture]),
            lambda: self._message(person, serial, location={"latitude": 21.0, "longitude": 105.8}),
            lambda: updates.shared_phone(chat) | {"update_id": serial},
            lambda: updates.membership(chat, "kicked", "member") | {"update_id": serial},
        )
        return chance.choice(makers)()

    def again(self, event: Event, text: str) -> Event:
        return event | {"message": event["message"] | {"text": text}}

    def identity(self, person: int, event: Event) -> str:
        return str(event["update_id"])

    def request(self, person: int, body: bytes, *, theirs: bool = True) -> tuple[str, dict[str, str]]:
        if theirs:
            return self._path, {SECRET_HEADER: self._secret}
        forged = ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: "x" * 5_000}, {SECRET_HEADER: self._secret[:-1]})
        return self._path, forged[len(body) % 4]

    def _chat(self, person: int) -> int:
        return 700_001 + person

    def _message(self, person: int, serial: int, **content: Any) -> Event:
        said = updates.message(self._chat(person), serial, date=updates.DATE + serial, **content)
        return updates.update("message", said, serial)


class WebMaker:
    """The web's endpoint for messages. `sessions` are (id, token) of the people, strangers among them."""

    huge = 70_000

    def __init__(self, sessions: Sequence[tuple[str, str]]) -> None:
        self._sessions = sessions

    def text(self, person: int, serial: int, text: str) -> Event:
        return {"client_message_id": f"m{serial}", "text": text}

    def other(self, person: int, serial: int, chance: random.Random) -> Event:
        button = chance.choice(("human", "f:fee:NV025", "file:0123456789abcdef", "x"))
        return {"client_message_id": f"m{serial}", "text": chance.choice(("", "Nút")), "button": button}

    def again(self, event: Event, text: str) -> Event:
        return event | {"text": text}

    def identity(self, person: int, event: Event) -> str:
        return f"{self._sessions[person][0]} {event['client_message_id']}"

    def request(self, person: int, body: bytes, *, theirs: bool = True) -> tuple[str, dict[str, str]]:
        session, token = self._sessions[person]
        if not theirs:
            other = self._sessions[person - 1][1]
            token = ("", "x" * 5_000, other, f"{token[:-1]}\x7f")[len(body) % 4]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return f"/api/web/sessions/{session}/messages", headers
