"""Sending replies: text with buttons, the form that asks for a telephone number, files, people without an account."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.channels.contract import Choice, Failure, Outgoing, SendFailed
from channels.zalo.api import Api, Counters
from channels.zalo.faults import EXPIRED_UPLOAD
from channels.zalo.reading import ANONYMOUS, BUTTON_PREFIX
from channels.zalo.uploads import Uploads

MAX_TEXT = 2_000
MAX_BUTTONS = 5
MAX_TITLE = 100
MAX_SUBTITLE = 500
MAX_LIST = 5
_QUOTAS = frozenset({"reply", "sub_quota", "purchase_quota", "reward_quota"})
# A list was refused as such, not the person or the moment.
_NO_LIST = frozenset({"-201", "-210", "-233", "-241"})
_UNSENDABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class SendingRules:
    """What of the uncertain facts bears upon sending.

    `template_type`: named in the attachment that carries buttons; empty: none. `query`: whether a pressed button is
    shown in the chat as what the citizen wrote. `list_template`: choices are sent as a list, and as buttons after all
    if Zalo refuses lists. The form for a telephone number needs title and picture; without a picture it is not sent.
    `anonymous_path`: where people without an account are written to.
    """

    text_limit: int = MAX_TEXT
    template_type: str = ""
    query: Literal["hide", "show"] = "hide"
    button_prefix: str = BUTTON_PREFIX
    list_template: bool = False
    form_title: str = ""
    form_subtitle: str = ""
    form_image_url: str = ""
    path: str = "/v3.0/oa/message/cs"
    anonymous_path: str = "/v2.0/oa/message"


class Sender:
    """Sends to one address at a time; keeps no order and tries nothing twice, except what cannot have been taken."""

    def __init__(self, rules: SendingRules, api: Api, uploads: Uploads, counters: Counters) -> None:
        self._rules = rules
        self._api = api
        self._uploads = uploads
        self._counters = counters
        self._lists = rules.list_template

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Send a message and return Zalo's id of it. Raises SendFailed, and nothing but that.

        The form for a telephone number follows as a message of its own, whose failure does not count: the text asks
        for the number too, and repeating it for the form's sake would say everything twice.
        """
        text = sendable(message.text)
        if not text.strip() or len(text) > self._rules.text_limit:
            raise SendFailed(Failure.GIVE_UP, "text-length")
        sent = await self._send_text(address, text, message.choices)
        if message.asks_phone and self._rules.form_image_url and not address.startswith(ANONYMOUS):
            try:
                await self._post(address, self._form())
            except SendFailed as failed:
                self._counters.add(f"form.{failed.failure.value}")
        return sent

    async def send_image(self, address: str, content: bytes, text: str = "") -> str | None:
        """Send a picture (JPEG, PNG, GIF). Raises SendFailed."""

        async def message() -> dict[str, Any]:
            uploaded = await self._uploads.image(content)
            element: dict[str, Any] = {"media_type": uploaded.media_type, "attachment_id": uploaded.ref}
            if uploaded.media_type == "gif":
                element |= {"width": uploaded.width, "height": uploaded.height}
            payload = {"template_type": "media", "elements": [element]}
            words = {"text": sendable(text)} if text else {}
            return {**words, "attachment": {"type": "template", "payload": payload}}

        return await self._send_uploaded(address, content, message)

    async def send_file(self, address: str, content: bytes, name: str) -> str | None:
        """Send a document (PDF, DOC, DOCX). Raises SendFailed."""

        async def message() -> dict[str, Any]:
            uploaded = await self._uploads.file(content, name)
            return {"attachment": {"type": "file", "payload": {"token": uploaded.ref}}}

        return await self._send_uploaded(address, content, message)

    async def _send_uploaded(self, address: str, content: bytes, message: Any) -> str | None:
        if address.startswith(ANONYMOUS):
            raise SendFailed(Failure.GIVE_UP, "anonymous-file")
        try:
            return await self._post(address, await message())
        except SendFailed as failed:
            if failed.code != str(EXPIRED_UPLOAD):
                raise
        self._uploads.forget(content)
        return await self._post(address, await message())

    async def _send_text(self, address: str, text: str, choices: Sequence[Choice]) -> str | None:
        usable = [choice for choice in choices if choice.url is None or is_link(choice.url)][:MAX_BUTTONS]
        if address.startswith(ANONYMOUS):
            # Whether buttons are shown to people without an account is not documented: they write the title.
            return await self._post(address, {"text": _with_titles(text, usable, self._rules.text_limit)})
        if self._lists and (elements := self._elements(text, usable)):
            payload = {"template_type": "list", "elements": elements}
            try:
                return await self._post(address, {"attachment": {"type": "template", "payload": payload}})
            except SendFailed as failed:
                if failed.code not in _NO_LIST:
                    raise
            # Refused, so not taken: the same as buttons, and lists no more until the next start.
            self._lists = False
            self._counters.add("list.refused")
        message: dict[str, Any] = {"text": text}
        if usable:
            kind = {"template_type": self._rules.template_type} if self._rules.template_type else {}
            buttons = [{"title": title(choice.title), **self._action(choice)} for choice in usable]
            message["attachment"] = {"type": "template", "payload": {**kind, "buttons": buttons}}
        return await self._post(address, message)

    def _action(self, choice: Choice) -> dict[str, Any]:
        if choice.url is not None:
            return {"type": "oa.open.url", "payload": {"url": choice.url}}
        return {"type": f"oa.query.{self._rules.query}", "payload": f"{self._rules.button_prefix}{choice.token}"}

    def _elements(self, text: str, choices: Sequence[Choice]) -> list[dict[str, Any]]:
        """Return the message as a list, its first line and the rest above the choices; empty if it does not fit."""
        first, _, rest = text.partition("\n")
        if not choices or len(choices) >= MAX_LIST or len(first) > MAX_TITLE or len(rest) > MAX_SUBTITLE:
            return []
        head = {"title": first, "subtitle": rest.strip() or first}
        if self._rules.form_image_url:
            head["image_url"] = self._rules.form_image_url
        rows: list[dict[str, Any]] = [head]
        for choice in choices:
            action = self._action(choice)
            if choice.url is not None:
                action = {"type": "oa.open.url", "url": choice.url}
            rows.append({"title": title(choice.title), "default_action": action})
        return rows

    def _form(self) -> dict[str, Any]:
        element = {
            "title": title(self._rules.form_title),
            "subtitle": sendable(self._rules.form_subtitle)[:MAX_SUBTITLE],
            "image_url": self._rules.form_image_url,
        }
        payload = {"template_type": "request_user_info", "elements": [element]}
        return {"attachment": {"type": "template", "payload": payload}}

    async def _post(self, address: str, message: dict[str, Any]) -> str | None:
        path, recipient = self._rules.path, {"user_id": address}
        if address.startswith(ANONYMOUS):
            path = self._rules.anonymous_path
            anonymous_id, _, conversation_id = address.removeprefix(ANONYMOUS).partition(":")
            recipient = {"anonymous_id": anonymous_id, "conversation_id": conversation_id}
        data = await self._api.post(path, {"recipient": recipient, "message": message})
        quota = data.get("quota")
        kind = quota.get("quota_type") if isinstance(quota, dict) else None
        self._counters.add(f"quota.{kind if kind in _QUOTAS else 'unknown'}")
        sent = data.get("message_id")
        return sent if isinstance(sent, str) and sent else None


def sendable(text: str) -> str:
    """Return a text in NFC without characters that no chat shows and JSON or UTF-8 cannot carry."""
    return _UNSENDABLE.sub("", unicodedata.normalize("NFC", text))


def title(text: str) -> str:
    """Return a title that fits a button, in one line."""
    line = " ".join(sendable(text).split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


def is_link(url: str) -> bool:
    """Whether an address can be opened by a button."""
    return url.startswith(("https://", "http://")) and url.isascii() and url.isprintable() and " " not in url


def _with_titles(text: str, choices: Sequence[Choice], limit: int) -> str:
    """Return the text with the choices below it, as many as fit."""
    for choice in choices:
        line = f"\n• {title(choice.title)}" + (f": {choice.url}" if choice.url else "")
        if len(text) + len(line) > limit:
            break
        text += line
    return text
