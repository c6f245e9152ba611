"""Updates as the Bot API writes them, for tests: dictionaries, and `body` makes the bytes of a delivery."""

import itertools
import json
from typing import Any

DATE = 1_790_000_000
_numbers = itertools.count(700_000_001)


def body(update: dict[str, Any]) -> bytes:
    return json.dumps(update, ensure_ascii=False).encode()


def update(kind: str, content: dict[str, Any], update_id: int | None = None) -> dict[str, Any]:
    return {"update_id": next(_numbers) if update_id is None else update_id, kind: content}


def person(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "Thử", "language_code": "vi"}


def chat(chat_id: int, kind: str | None = None) -> dict[str, Any]:
    kind = kind or ("private" if chat_id > 0 else "supergroup")
    return {"id": chat_id, "type": kind} | ({"first_name": "Thử"} if kind == "private" else {"title": "Tổ dân phố"})


def message(chat_id: int, message_id: int = 11, date: int = DATE, **content: Any) -> dict[str, Any]:
    sender = person(chat_id if chat_id > 0 else 900_999)
    return {"message_id": message_id, "date": date, "chat": chat(chat_id), "from": sender, **content}


def written(chat_id: int, text: str, message_id: int = 11, **fields: Any) -> dict[str, Any]:
    return update("message", message(chat_id, message_id, text=text, **fields))


def edited(chat_id: int, text: str, message_id: int = 11) -> dict[str, Any]:
    return update("edited_message", message(chat_id, message_id, text=text, edit_date=DATE + 5))


def pressed(chat_id: int, token: str, message_id: int = 12, callback: str = "77") -> dict[str, Any]:
    shown = {"message_id": message_id, "date": DATE, "chat": chat(chat_id), "text": "Chọn mục"}
    query = {"id": callback, "chat_instance": "1", "data": token, "from": person(abs(chat_id)), "message": shown}
    return update("callback_query", query)


def shared_phone(chat_id: int, phone: str = "84900000000", owner: int | None = None) -> dict[str, Any]:
    contact: dict[str, Any] = {"phone_number": phone, "first_name": "Thử"}
    if owner is None or owner:
        contact["user_id"] = owner or chat_id
    return update("message", message(chat_id, contact=contact))


def file_of(ref: str, size: int | None = None, **fields: Any) -> dict[str, Any]:
    sized = {} if size is None else {"file_size": size}
    return {"file_id": ref, "file_unique_id": f"u{ref}"} | sized | fields


def membership(chat_id: int, old: str, new: str) -> dict[str, Any]:
    bot = {"id": 42, "is_bot": True, "first_name": "Fake"}
    change = {
        "chat": chat(chat_id),
        "from": person(abs(chat_id)),
        "date": DATE,
        "old_chat_member": {"user": bot, "status": old} | ({"until_date": 0} if old == "kicked" else {}),
        "new_chat_member": {"user": bot, "status": new} | ({"until_date": 0} if new == "kicked" else {}),
    }
    return update("my_chat_member", change)
