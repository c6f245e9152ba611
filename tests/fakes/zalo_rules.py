"""What Zalo demands of a message, as the fake server checks it: the code of the error, or None."""

import unicodedata
from typing import Any

MAX_TEXT = 2_000
_QUERY = {"oa.query.show", "oa.query.hide"}


def fault_of(message: Any, files: dict[str, str], *, lists: bool) -> int | None:
    """Return the code by which Zalo refuses a message. `files` maps the ids of uploads to their kinds."""
    if not isinstance(message, dict):
        return -201
    text, attachment = message.get("text"), message.get("attachment")
    if text is not None and not isinstance(text, str):
        return -201
    if text is not None and len(text) > MAX_TEXT:
        return -210
    if attachment is None:
        return None if text else -201
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        return -201
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        return None if files.get(payload.get("token", "")) == "file" else -100
    if attachment.get("type") != "template":
        return -201
    kind = payload.get("template_type")
    if kind in (None, "button"):
        return _buttons(payload.get("buttons")) if text else -201
    if kind == "request_user_info":
        return _form(payload.get("elements"))
    if kind == "media":
        return _media(payload.get("elements"), files)
    if kind == "list":
        return _list(payload.get("elements")) if lists else -233
    return -233


def _buttons(buttons: Any) -> int | None:
    if not isinstance(buttons, list) or not buttons:
        return -201
    if len(buttons) > 5:
        return -210
    for button in buttons:
        if not isinstance(button, dict) or not isinstance(button.get("title"), str) or not button["title"]:
            return -201
        if len(button["title"]) > 100:
            return -210
        fault = _action(button.get("type"), button.get("payload"))
        if fault:
            return fault
    return None


def _action(kind: Any, payload: Any) -> int | None:
    if kind in _QUERY:
        if not isinstance(payload, str) or not payload:
            return -201
        return -210 if len(payload) > 1_000 else None
    if kind == "oa.open.url":
        address = payload.get("url") if isinstance(payload, dict) else None
        return None if isinstance(address, str) and address.startswith(("https://", "http://")) else -201
    return -201


def _form(elements: Any) -> int | None:
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        return -201
    element = elements[0]
    if not all(isinstance(element.get(name), str) and element[name] for name in ("title", "subtitle", "image_url")):
        return -201
    if not element["image_url"].startswith("https://"):
        return -201
    return -210 if len(element["title"]) > 100 or len(element["subtitle"]) > 500 else None


def _media(elements: Any, files: dict[str, str]) -> int | None:
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        return -201
    element = elements[0]
    kind = element.get("media_type")
    if kind not in ("image", "gif"):
        return -201
    if kind == "gif" and not (element.get("width") and element.get("height")):
        return -201
    return None if files.get(element.get("attachment_id", "")) == kind else -100


def _list(elements: Any) -> int | None:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 5:
        return -210
    for place, element in enumerate(elements):
        if not isinstance(element, dict) or not isinstance(element.get("title"), str):
            return -201
        if len(element["title"]) > 100 or len(element.get("subtitle", "")) > 500:
            return -210
        if place == 0 and not element.get("subtitle"):
            return -201
        action = element.get("default_action")
        if action is not None:
            payload = {"url": action.get("url")} if action.get("type") == "oa.open.url" else action.get("payload")
            fault = _action(action.get("type"), payload)
            if fault:
                return fault
    return None


def is_composed(message: Any) -> bool:
    """Whether the text is in NFC (the fake notes decomposed texts; Zalo would only count them longer)."""
    text = message.get("text") if isinstance(message, dict) else None
    return not isinstance(text, str) or unicodedata.is_normalized("NFC", text)
