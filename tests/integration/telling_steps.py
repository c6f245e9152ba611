"""Steps of the tests of notices: officers who act, a channel that sends, and the worker that tells between them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.core.calendar import WorkingCalendar
from bot.core.cases.lifecycle import Verb
from bot.core.cases.noticing import Line, NoticeRunner, SendTemplate
from bot.core.cases.office_ports import Task
from bot.core.cases.state import Status
from bot.core.channels.contract import Capabilities, SendFailed
from bot.core.messages import Event, EventKind
from bot.store import Store
from tests.integration.channel_steps import PHRASES, MemoryChannel, Office, SetClock
from tests.integration.desk_client import START, open_office

WINDOW = timedelta(hours=48)
NEWS = PHRASES.say("news")


class Templates:
    """Template messages in memory; `faults` come first, one each, `after` when it was taken."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, date]] = []
        self.faults: list[BaseException] = []
        self.after: list[BaseException] = []

    async def send(self, address: str, key: str, number: str, day: date) -> str | None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((address, key, number, day))
        if self.after:
            raise self.after.pop(0)
        return "t1"


class Telling:
    """An office on a channel with a window, a desk whose cases were filed there, and who tells."""

    def __init__(self, store: Store, *, template: bool = True, channel: Any = None, on: bool = True) -> None:
        self.store, self.clock = store, SetClock(START)
        shows = Capabilities(200, 3, 40, closed_after=WINDOW)
        self.office = Office(store, channel or MemoryChannel(shows), clock=self.clock)
        self.templates = Templates()
        self.desk = open_office(store)
        self.published: list[str] = []
        self.send_template: SendTemplate | None = self.templates.send if template else None
        self.on = on
        self.runner = self.make()

    def make(self) -> NoticeRunner:
        """Return another worker, as another process would have."""
        channel = self.office.channel
        lines = {channel.name: Line(channel.capabilities, self.send_template)} if self.on else {}
        calendar = WorkingCalendar.load()
        return NoticeRunner(self.store, self.clock, calendar, PHRASES, lines, self.published.append)

    async def filed(self, address: str = "an", **changes: Any) -> str:
        """Let somebody write and file a case in that conversation; return its id."""
        await self.office.says("chào", address=address)
        return self.desk.file(self.office.thread(address).conversation_id, **changes)

    def later(self, **span: float) -> None:
        self.clock.moment += timedelta(**span)

    def close(self, case_id: str) -> None:
        """Bring a case to its published answer."""
        self.desk.clock.time = self.clock.moment
        self.desk.bring(case_id, Status.CLOSED)

    def act(self, case_id: str, verb: Verb, **given: Any) -> None:
        self.desk.clock.time = self.clock.moment
        self.desk.act("officer", case_id, verb, **given)

    async def tell(self, runner: NoticeRunner | None = None) -> None:
        """Let all notices that are due be told, and the chats be sent."""
        runner = runner or self.runner
        for notice_id in runner.due(100):
            await runner.run(notice_id)
        await self.office.send()

    def statuses(self) -> list[tuple[str, str]]:
        """Return (news, status) of every notice, sorted."""
        with self.store.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT news, status FROM case_notices ORDER BY created_at").all()
        return sorted((row[0], row[1]) for row in rows)

    def of_answer(self) -> str:
        """Return how far the notice of the answer is."""
        return dict(self.statuses())["answered"]

    def tasks(self) -> Sequence[Task]:
        with self.store() as unit:
            return unit.tasks.open()

    def events(self, conversation: str) -> list[Event]:
        with self.store() as unit:
            return [e for e in unit.events_after(conversation, 0) if e.kind is EventKind.NOTICE]


def failing(kind: Any, code: str = "x") -> SendFailed:
    return SendFailed(kind, code)
