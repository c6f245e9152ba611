"""What an arrival means for its conversation, and the changes that follow, inside one transaction."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.cases.office_ports import Task
from bot.core.channels.contract import Arrival, Capabilities, Incoming
from bot.core.channels.editing import changed
from bot.core.channels.fetching import Fetched
from bot.core.channels.ports import InboxRow, Thread, ThreadStatus
from bot.core.channels.shown import Shown
from bot.core.channels.voice import MAX_HEARD, VOICE_NO, VOICE_YES, again_reply, confirms, heard_reply, unheard_reply
from bot.core.conversation import Owner
from bot.core.messages import EventKind, InboundMessage
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWork
from bot.core.privacy import mask, rough_place
from bot.core.replies import Reply

MAX_CHARACTERS = 20_000
ERASE_TASK = "channel_erase"
# One coming back is told in several ways at once: Telegram says that it was unblocked and sends /start.
_GREET_AGAIN = timedelta(minutes=5)
# These say nothing that is to be answered, and make no conversation.
WORDLESS = frozenset({Arrival.LEFT, Arrival.OFFICER, Arrival.EDITED, Arrival.ERASE, Arrival.IGNORED})


@dataclass(frozen=True)
class Rules:
    """What settings decide. `pause`: how long the assistant keeps silent after an officer wrote."""

    pause: timedelta = timedelta(minutes=30)
    max_waiting: int = 20


@dataclass(frozen=True)
class Arrived:
    """An arrival with its row and what was fetched for it."""

    row: InboxRow
    incoming: Incoming
    files: Sequence[Fetched] = ()


@dataclass
class Reading:
    """Deals with the arrivals of one thread in order, inside one transaction. `thread` is as it was claimed.

    `read` gives back what a row of the inbox says.
    """

    unit: UnitOfWork
    thread: Thread
    capabilities: Capabilities
    phrases: Phrases
    greeting: Reply
    rules: Rules
    now: datetime
    read: Callable[[InboxRow], Incoming]
    pending: dict[str, str] | None = field(default=None, init=False)
    paused_until: datetime | None = field(default=None, init=False)
    greeted_at: datetime | None = field(default=None, init=False)
    status: ThreadStatus = field(default=ThreadStatus.OPEN, init=False)
    wakes: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.pending = dict(self.thread.pending) if self.thread.pending else None
        self.paused_until = self.thread.paused_until
        self.greeted_at = self.thread.greeted_at
        self.status = self.thread.status
        self._shown = Shown(self.unit, self.thread, self.capabilities)

    def open(self, *, greets: bool = True) -> None:
        """Make the conversation where there is none yet, and greet whoever was not, unless an officer is writing."""
        self._exist()
        if greets and self.greeted_at is None and not (self.paused_until and self.now <= self.paused_until):
            self._greet()

    def deal(self, arrived: Arrived) -> None:
        """Do what an arrival asks for. Raises ConversationBusy before anything is changed."""
        incoming = arrived.incoming
        if incoming.kind not in WORDLESS:
            if self.greeted_at is None:
                self.open()
            self.unit.threads.save(self.thread.id, last_inbound_at=arrived.row.received_at)
            if self.status is not ThreadStatus.OPEN:
                self.unit.threads.reopen(self.thread.id)
                self.status = ThreadStatus.OPEN
        handlers: dict[Arrival, Callable[[Arrived], None]] = {
            Arrival.TEXT: self._text,
            Arrival.BUTTON: self._button,
            Arrival.FILE: self._file,
            Arrival.VOICE: self._voice,
            Arrival.LOCATION: self._location,
            Arrival.CONTACT: self._contact,
            Arrival.STICKER: self._sticker,
            Arrival.OPENED: self._opened,
            Arrival.LEFT: self._left,
            Arrival.OFFICER: self._officer,
            Arrival.EDITED: self._edited,
            Arrival.ERASE: self._erase,
        }
        if handler := handlers.get(incoming.kind):
            handler(arrived)

    @property
    def _conversation(self) -> str:
        return self.thread.conversation_id

    def _text(self, arrived: Arrived) -> None:
        text = arrived.incoming.text.strip()
        if not text or self._answers_voice(arrived, text):
            return
        button = None if self._quiet(arrived) else self._shown.meant(text, arrived.row.received_at)
        self._say(arrived, button.title if button else text, button.id if button else None)

    def _button(self, arrived: Arrived) -> None:
        button = self._shown.pressed(arrived.incoming.button or "")
        if button is None:
            if arrived.incoming.text.strip():
                self._text(arrived)
            elif not self._silent(arrived):
                self._answer("channel_old_button")
            return
        for mark in (VOICE_YES, VOICE_NO):
            if button.id.startswith(mark):
                self._confirmed(arrived, button.id.removeprefix(mark), button.title, yes=mark == VOICE_YES)
                return
        self._set_pending(None)
        self._say(arrived, button.title, button.id)

    def _file(self, arrived: Arrived) -> None:
        """Files first, each a message of its own; the words that came with them go with the first."""
        words = arrived.incoming.text.strip()
        for place, file in enumerate(arrived.files):
            if file.id:
                self._say(arrived, words, f"file:{file.id}", place, note=file.name)
                words = ""
            elif not self._silent(arrived):
                self._answer("channel_file_refused", file.refused)
        if words:
            self._say(arrived, words, None, len(arrived.files))

    def _voice(self, arrived: Arrived) -> None:
        self._note(self.phrases.word("channel_voice"))
        if self._silent(arrived):
            return None
        heard = " ".join(file.heard for file in arrived.files if file.heard).strip()
        if self._attended():  # who answers can ask for themselves
            return self._say(arrived, heard) if heard else None
        if not heard:
            return self._append(unheard_reply(self.phrases, self._called(), kept=any(f.id for f in arrived.files)))
        text = (f"{self.pending['text']}\n{heard}" if self.pending else heard)[:MAX_HEARD]
        mark = hashlib.sha256(arrived.row.platform_id.encode()).hexdigest()[:16]
        self._set_pending({"text": text, "mark": mark})
        self._append(heard_reply(self.phrases, self._called(), text, mark))
        return None

    def _answers_voice(self, arrived: Arrived, text: str) -> bool:
        """Take a typed «đúng» or «không đúng» as the button; any other words make the recording void."""
        if not self.pending:
            return False
        yes = confirms(text, self.phrases)
        if yes is None:
            self._set_pending(None)
            return False
        self._confirmed(arrived, self.pending["mark"], text, yes=yes)
        return True

    def _confirmed(self, arrived: Arrived, mark: str, words: str, *, yes: bool) -> None:
        pending = self.pending
        if pending is None or mark != pending["mark"]:
            if not self._silent(arrived):
                self._answer("channel_old_button")
            return
        if yes:
            self._say(arrived, pending["text"])
        else:
            self._note(words)
            if not self._silent(arrived):
                self._append(again_reply(self.phrases, self._called()))
        self._set_pending(None)

    def _location(self, arrived: Arrived) -> None:
        """Keep the place for people, and ask for the ward's name, which no data of ours tell from a point."""
        place = self.phrases.word("channel_place", place=rough_place(arrived.incoming.text))
        if self._quiet(arrived):
            self._say(arrived, place)
        else:
            self._note(place)
            self._answer("channel_place_seen")

    def _contact(self, arrived: Arrived) -> None:
        if arrived.incoming.phone:
            self._say(arrived, arrived.incoming.phone)
        elif not self._silent(arrived):
            self._answer("channel_contact_empty")

    def _sticker(self, arrived: Arrived) -> None:
        self._note(arrived.incoming.text or self.phrases.word("channel_sticker"))
        if not self._quiet(arrived):
            self._answer("channel_sticker")

    def _opened(self, arrived: Arrived) -> None:
        """Greet who comes back after a while, once; who is new was greeted when the conversation was made."""
        greeted = self.greeted_at
        if greeted is not None and self.now - greeted >= _GREET_AGAIN and not self._quiet(arrived):
            self._greet()

    def _left(self, _: Arrived) -> None:
        self.status = ThreadStatus.LEFT
        self.unit.threads.save(self.thread.id, status=self.status)

    def _officer(self, arrived: Arrived) -> None:
        if self._attended():
            return  # the assistant is silent anyway, and who attends must not be held up
        until = arrived.row.received_at + self.rules.pause
        self.paused_until = max(until, self.paused_until or until)
        self.unit.threads.save(self.thread.id, paused_until=self.paused_until)
        self._exist()
        said = mask(arrived.incoming.text.strip()) or self.phrases.word("channel_officer")
        self.unit.append_event(self._conversation, EventKind.OFFICER, {"text": said}, None, self.now)

    def _edited(self, arrived: Arrived) -> None:
        """Put the new words in the place of the old while no turn has begun with them; else ask for them anew."""
        edit = arrived.incoming
        versions = self._shown.versions(arrived.row, edit.ref, self.read)
        if not changed(edit, [incoming for _, incoming in versions]):
            return
        text = edit.text.strip()[:MAX_CHARACTERS]
        if self._silent(arrived):
            self._note(text)
            return
        button = self._shown.meant(text, arrived.row.received_at)
        said, pressed = (button.title, button.id) if button else (text, None)
        first, _ = versions[-1]
        if not self.unit.replace_inbound(self._conversation, first.platform_id, said, pressed):
            self._answer("channel_edited")

    def _erase(self, arrived: Arrived) -> None:
        note = f"Người dân xóa dữ liệu ở {self.thread.channel}: xem và xóa theo quy định."
        task_id = f"{ERASE_TASK}-{self.thread.id}-{arrived.row.received_at:%Y%m%d}"
        conversation = self._conversation if self.unit.conversation_exists(self._conversation) else None
        self.unit.tasks.add(Task(task_id, ERASE_TASK, None, conversation, note, self.now, self.now))

    def _say(self, arrived: Arrived, text: str, button: str | None = None, place: int = 0, note: str = "") -> None:
        """Pass on what the citizen said; while an officer writes, it is kept in the log and answered by nobody."""
        text = text[:MAX_CHARACTERS]
        if self._silent(arrived):
            self._note(text or self.phrases.word("channel_file", file=note))
            return
        platform_id = arrived.row.platform_id
        message_id = f"{platform_id}#{place}" if place else platform_id
        message = InboundMessage(self._conversation, message_id, text, arrived.row.received_at, button)
        self.unit.store_inbound(message, self.rules.max_waiting)
        self.wakes = True

    def _silent(self, arrived: Arrived) -> bool:
        return self.paused_until is not None and arrived.row.received_at <= self.paused_until

    def _exist(self) -> None:
        if not self.unit.conversation_exists(self._conversation):
            self.unit.create_conversation(self._conversation, self.thread.channel, self.now)

    def _attended(self) -> bool:
        unit, conversation = self.unit, self._conversation
        return unit.conversation_exists(conversation) and unit.state(conversation).owner is Owner.OPERATOR

    def _quiet(self, arrived: Arrived) -> bool:
        """True while a person answers, here or in the platform's console: the assistant says nothing by itself."""
        return self._silent(arrived) or self._attended()

    def _note(self, text: str) -> None:
        self.unit.append_event(self._conversation, EventKind.CITIZEN, {"text": mask(text)}, None, self.now)

    def _answer(self, act: str, variant: str = "text") -> None:
        self._append(Reply(act, self.phrases.variant(act, variant, self._called())))

    def slow_down(self) -> None:
        """Say that there is too much at once, now and then."""
        self.unit.threads.save(self.thread.id, slowed_at=self.now)
        self._answer("channel_slow")

    def _append(self, reply: Reply) -> None:
        self.unit.append_event(self._conversation, EventKind.NOTICE, reply.to_payload(), None, self.now)

    def _greet(self) -> None:
        self.unit.append_event(self._conversation, EventKind.ASSISTANT, self.greeting.to_payload(), None, self.now)
        self.greeted_at = self.now
        self.unit.threads.save(self.thread.id, greeted_at=self.now)

    def _called(self) -> str | None:
        return self.unit.state(self._conversation).address

    def _set_pending(self, pending: dict[str, str] | None) -> None:
        self.pending = pending
        self.unit.threads.save(self.thread.id, pending=pending)
