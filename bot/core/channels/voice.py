"""Voice messages: something that may tell what was said, and the question whether it heard right."""

from dataclasses import replace
from typing import Protocol

from bot.core.channels.rendering import buttons_of, chosen
from bot.core.conversation import Owner
from bot.core.messages import EventKind, InboundMessage
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWork
from bot.core.privacy import mask
from bot.core.replies import Button, Reply

# The buttons of the question; behind the colon stands which recording is meant.
VOICE_YES, VOICE_NO = "voice-yes:", "voice-no:"
MAX_HEARD = 1_000
_FILE = "file:"
_LONGEST_ANSWER = 20


class Recogniser(Protocol):
    """Turns a recording into text. Blocking; callers use a thread pool."""

    def hear(self, audio: bytes) -> str | None:
        """Return what was said, None where nothing was understood. Never raises for what the recording is like."""
        ...


class NoRecogniser:
    """Stands where there is no model: hears nothing, and the citizen is told so."""

    def hear(self, audio: bytes) -> str | None:  # noqa: ARG002 -- the Protocol's
        """Return None."""
        return None


def is_recording(media_type: str) -> bool:
    """True for a file, told by its content, that somebody may have spoken into."""
    return media_type.startswith("audio/")


def heard_reply(phrases: Phrases, called: str | None, heard: str, mark: str) -> Reply:
    """Return the question whether `heard` is what was said; `mark` tells which recording."""
    titles = _titles(phrases)
    buttons = tuple(Button(f"{kind}{mark}", title) for kind, title in zip((VOICE_YES, VOICE_NO), titles, strict=True))
    text = phrases.say("channel_voice_heard", called, heard=mask(heard))
    return Reply("channel_voice_heard", text, buttons=buttons)


def unheard_reply(phrases: Phrases, called: str | None, *, kept: bool) -> Reply:
    """Return the request to type instead; `kept`: people can listen to the recording."""
    return Reply(
        "channel_voice_unheard", phrases.variant("channel_voice_unheard", "text" if kept else "lost", called)
    )


def again_reply(phrases: Phrases, called: str | None) -> Reply:
    """Return what is said where it was heard wrong."""
    return Reply("channel_voice_again", phrases.say("channel_voice_again", called))


def confirms(text: str, phrases: Phrases) -> bool | None:
    """Return whether a typed answer says that it was heard right, None for any other words."""
    which = chosen(text, _titles(phrases))
    return None if which is None else which == 0


def spoken(unit: UnitOfWork, message: InboundMessage) -> InboundMessage:
    """Return a message of the web as it counts: the words that were heard, where it says that they are right.

    «Đúng» may be pressed or typed. A recording that is sent to a person carries along what was heard of it.
    """
    button = message.button or _typed(unit, message)
    kind, _, mark = (button or "").partition(":")
    if f"{kind}:" not in {VOICE_YES, VOICE_NO, _FILE} or not mark:
        return message
    files = unit.attachments.of_conversation(message.conversation_id)
    heard = next((file.heard for file in files if file.id == mark), None) or ""
    if f"{kind}:" == VOICE_YES and heard:
        return replace(message, text=heard[:MAX_HEARD], button=None)
    if f"{kind}:" == _FILE and heard and unit.state(message.conversation_id).owner is Owner.OPERATOR:
        return replace(message, text=f"{message.text}\n«{heard[:MAX_HEARD]}»")
    return replace(message, button=button)


def _typed(unit: UnitOfWork, message: InboundMessage) -> str | None:
    """Return the button that a typed answer to «did I hear right» means; None where that was not asked last."""
    if len(message.text) > _LONGEST_ANSWER:
        return None
    asked = unit.latest_events(message.conversation_id, EventKind.ASSISTANT, 1)
    buttons = [b for b in buttons_of(asked[0].body) if b.id.startswith((VOICE_YES, VOICE_NO))] if asked else []
    which = chosen(message.text, [b.title for b in buttons], numbers=False)
    return None if which is None else buttons[which].id


def _titles(phrases: Phrases) -> tuple[str, str]:
    return phrases.word("voice_yes"), phrases.word("voice_no")
