"""Which button of what a citizen was shown an arrival means."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.channels.contract import Arrival, BadBody, Capabilities, Incoming
from bot.core.channels.ports import InboxRow, Thread
from bot.core.channels.rendering import chosen, is_numbered, parse_token
from bot.core.messages import Event, EventKind
from bot.core.ports import UnitOfWork
from bot.core.replies import Button

# Of the log so many events are looked through for the buttons that a typed answer may mean.
_LOOK_BACK = 40
# So far back among what arrived an edited message is looked for.
_EDITABLE = 100


@dataclass(frozen=True)
class Shown:
    """What stands in a thread, which is as it was claimed; inside one transaction."""

    unit: UnitOfWork
    thread: Thread
    capabilities: Capabilities

    def pressed(self, token: str) -> Button | None:
        """Return the button that a token stands for, None where there is none."""
        place = parse_token(token)
        if place is None or not self.unit.conversation_exists(self.thread.conversation_id):
            return None
        sequence, index = place
        if not 1 <= sequence < 2**31:
            return None
        events = self.unit.events_after(self.thread.conversation_id, sequence - 1, 1)
        buttons = _buttons(events[0]) if events and events[0].sequence == sequence else ()
        return buttons[index] if index < len(buttons) else None

    def meant(self, text: str, received_at: datetime) -> Button | None:
        """Return the button that a typed answer means: of the last that the citizen can have seen."""
        start = max(0, self.thread.sent_sequence - _LOOK_BACK)
        seen = [
            event
            for event in self.unit.events_after(self.thread.conversation_id, start, _LOOK_BACK * 2)
            if event.kind is not EventKind.CITIZEN and self._seen(event, received_at)
        ]
        buttons = _buttons(seen[-1]) if seen else ()
        titles = [button.title for button in buttons]
        which = chosen(text, titles, numbers=is_numbered(titles, self.capabilities))
        return None if which is None else buttons[which]

    def versions(
        self, row: InboxRow, ref: str, read: Callable[[InboxRow], Incoming]
    ) -> list[tuple[InboxRow, Incoming]]:
        """Return what the text `ref`, which `row` edits, said before, latest first; `read` tells what a row says."""
        found = []
        for earlier in self.unit.channel_inbox.before(row, (Arrival.TEXT, Arrival.EDITED), _EDITABLE):
            with contextlib.suppress(BadBody):
                found.append((earlier, read(earlier)))
        return [(earlier, incoming) for earlier, incoming in found if incoming.ref == ref]

    def _seen(self, event: Event, received_at: datetime) -> bool:
        if event.sequence <= self.thread.sent_sequence or event.kind is EventKind.OFFICER:
            return True
        # What is just being sent may be on their screen before we know it.
        return self.thread.sending and event.created_at <= received_at


def _buttons(event: Event) -> tuple[Button, ...]:
    try:
        return tuple(Button(str(button["id"]), str(button["title"])) for button in event.body.get("buttons", ()))
    except (KeyError, TypeError):
        return ()
