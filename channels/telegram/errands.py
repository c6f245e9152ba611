"""What Telegram wants done about an update, beside the conversation: a spinner to stop, a group to leave. Pure."""

from dataclasses import dataclass

from channels.telegram.fields import Fields, number, parse, part, string

_GROUPS = frozenset({"group", "supergroup"})
_INSIDE = frozenset({"member", "administrator", "restricted", "creator"})
_FAREWELLS = frozenset({"left_chat_member", "migrate_to_chat_id"})


@dataclass(frozen=True)
class Errand:
    """`callback`: a button press that waits for its answer. `group`: a chat to leave, after a word or silently."""

    callback: str | None = None
    group: int | None = None
    silently: bool = False


def errand_of(body: bytes) -> Errand | None:
    """Return what an update wants done, None for nothing. Raises BadBody, and nothing but that."""
    update = parse(body)
    if "callback_query" in update:
        query = part(update, "callback_query")
        return Errand(callback=string(query, "id"))
    for kind in ("message", "edited_message", "my_chat_member", "channel_post"):
        if kind in update:
            return _of_chat(part(update, kind), kind)
    return None


def _of_chat(said: Fields, kind: str) -> Errand | None:
    chat = part(said, "chat")
    group, chat_type = number(chat, "id"), string(chat, "type")
    if kind == "my_chat_member" and string(part(said, "new_chat_member"), "status") not in _INSIDE:
        return None  # it is outside already
    if chat_type in _GROUPS and _FAREWELLS.isdisjoint(said):
        return Errand(group=group)
    # In a channel a word would be published to its readers.
    return Errand(group=group, silently=True) if chat_type == "channel" else None
