"""Telling citizens what happened to their cases: in the chat, by a template message, else by somebody of the office.

A notice is claimed for a while, and what became of it is written in one transaction; only a template message goes out
between the two, so only that can go out twice, where nobody knows whether it was taken.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.cases.news import (
    NEWS_BUTTON,
    NOTICE,
    Notice,
    NoticeStatus,
    Place,
    Way,
    is_open,
    reach_of,
    way_of,
)
from bot.core.cases.office_ports import Task
from bot.core.cases.state import Case
from bot.core.channels.contract import Capabilities, Failure, SendFailed
from bot.core.channels.ports import ThreadStatus
from bot.core.channels.sending import UNCERTAIN
from bot.core.messages import EventKind
from bot.core.phrases import Phrases
from bot.core.ports import Calendar, Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.replies import Button, Reply
from bot.core.standing_in import stands_in
from bot.core.story import Reach

log = logging.getLogger(__name__)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOTICE_TASK = "case_notice"
CLAIM = timedelta(seconds=90)
# A notice that stands in the log and is not sent by then is told in another way.
PATIENCE = timedelta(hours=24)
LOOK = timedelta(minutes=10)
MAX_TRIES = 8
_LONGEST_DELAY = timedelta(hours=1)
_BY_END_OF = time(17, 0)

# (address, key, the same at every attempt, the case's number, the day) → the platform's id. Raises SendFailed.
SendTemplate = Callable[[str, str, str, date], Awaitable[str | None]]


@dataclass(frozen=True)
class Line:
    """A channel as far as notices are concerned."""

    capabilities: Capabilities
    template: SendTemplate | None = None


@dataclass(frozen=True)
class _Planned:
    """A template message that is to go out."""

    notice: Notice
    case: Case
    channel: str
    address: str


class NoticeRunner:
    """Sees to one notice at a time. `publish` is called with conversations whose log has something new."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        clock: Clock,
        calendar: Calendar,
        phrases: Phrases,
        lines: Mapping[str, Line],
        publish: Callable[[str], None],
    ) -> None:
        self._units = units
        self._clock = clock
        self._calendar = calendar
        self._phrases = phrases
        self._lines = lines
        self._publish = publish

    def due(self, limit: int) -> Sequence[str]:
        """Return notices to see to. Blocking."""
        with self._units() as unit:
            return unit.notices.due(self._clock.now(), limit)

    def release(self) -> None:
        """Claims run out by themselves."""

    async def run(self, notice_id: str) -> bool:
        """See to one notice. Never asks to be run again."""
        planned = await asyncio.to_thread(self._begin, notice_id)
        if planned is not None:
            await self._send(planned)
        return False

    def _begin(self, notice_id: str) -> _Planned | None:
        """Do all that needs no platform, and say what does."""
        now, told = self._clock.now(), None
        with self._units() as unit:
            notice = unit.notices.claim(notice_id, now, now + CLAIM)
            if notice is None:
                return None
            case, place = unit.cases.case(notice.case_id), self._place(unit, notice, now)
            if notice.status is NoticeStatus.CHAT and (notice := self._waiting(unit, notice, place, now)) is None:
                unit.commit()
                return None
            way, planned = way_of(notice, place, case.record, now), None
            if way is Way.TEMPLATE and place.thread is not None:
                planned = _Planned(notice, case, place.thread.channel, place.thread.address)
            else:
                told = self._done(unit, notice, case, place, way, now)
            unit.commit()
        if told:
            self._publish(notice.conversation_id)
        return planned

    def _place(self, unit: UnitOfWork, notice: Notice, now: datetime) -> Place:
        thread = unit.threads.of_conversation(notice.conversation_id)
        if thread is None:
            return Place(None, session=unit.session_open(notice.conversation_id, now))
        line = self._lines.get(thread.channel)
        # Who chats without an account has no address that a template message goes to.
        template = line is not None and line.template is not None and ":" not in thread.address
        return Place(thread, capabilities=line.capabilities if line else None, template=template)

    def _waiting(self, unit: UnitOfWork, notice: Notice, place: Place, now: datetime) -> Notice | None:
        """Return a notice for which another way is needed: its chat was closed, or nothing moves there."""
        thread = place.thread
        if thread is not None and notice.sequence is not None and thread.sent_sequence >= notice.sequence:
            unit.notices.delivered(notice.id)
            return None
        late = now - notice.created_at >= PATIENCE
        if not late and thread is not None and thread.status is ThreadStatus.OPEN:
            unit.notices.look_again(notice.id, now + LOOK)
            return None
        unit.notices.refused(notice.id, now)
        return replace(notice, status=NoticeStatus.WAITING, refused=True, attempts=0)

    def _done(self, unit: UnitOfWork, notice: Notice, case: Case, place: Place, way: Way, now: datetime) -> bool:
        """Write down a way that needs no platform; True when something new stands in the log."""
        if way is Way.NOTHING:
            unit.notices.settle(notice.id, NoticeStatus.DROPPED)
            return False
        if way is Way.CHAT:
            sequence = notice.sequence or self._say(unit, notice, case, now)
            status = NoticeStatus.SENT if place.thread is None else NoticeStatus.CHAT
            unit.notices.settle(notice.id, status, sequence=sequence)
            unit.notices.look_again(notice.id, now + LOOK)
            return True
        told = self._waits_for_them(unit, notice, case, place, NoticeStatus.PERSON, now)
        unit.tasks.add(self._task(notice, case, place, now))
        return told

    def _waits_for_them(
        self, unit: UnitOfWork, notice: Notice, case: Case, place: Place, status: NoticeStatus, now: datetime
    ) -> bool:
        """Note a way besides the chat; where that is closed, the button to open the news waits there for them."""
        closed = place.thread is None or not is_open(place.thread, place.capabilities, now, margin=timedelta(0))
        sequence = notice.sequence or (self._say(unit, notice, case, now) if closed else None)
        unit.notices.settle(notice.id, status, sequence=sequence)
        return sequence is not None

    def _say(self, unit: UnitOfWork, notice: Notice, case: Case, now: datetime) -> int:
        """Put into the log that there is news, and nothing of what it is."""
        address = unit.state(notice.conversation_id).address
        button = Button(f"{NEWS_BUTTON}open:{case.id}", self._phrases.word("news_open"))
        reply = Reply("news", self._phrases.say("news", address), buttons=(button,), data={NOTICE: notice.id})
        return unit.append_event(notice.conversation_id, EventKind.NOTICE, reply.to_payload(), None, now)

    def _task(self, notice: Notice, case: Case, place: Place, now: datetime) -> Task:
        channel = place.thread.channel if place.thread else "web"
        wants = _WANTS[reach_of(case.record)].format(channel=channel)
        why = f"Qua {channel} chưa báo được ({_why(place)})."
        if stands_in(notice.conversation_id):
            # Whoever called or wrote a letter has no chat in which a button waits.
            why = f"Phiếu nhận qua: {self._phrases.word(f'source_{case.record.channel}')}; không báo trong chat được."
        note = f"Báo người dân: {_HAPPENED[notice.news.value].format(number=case.number)}. {why} {wants}"
        return Task(f"{NOTICE_TASK}-{notice.id}", NOTICE_TASK, case.id, None, note, self._by(now), now)

    def _by(self, now: datetime) -> datetime:
        """Return the end of the next working day."""
        today = now.astimezone(VIETNAM).date()
        day = self._calendar.add_working_days(today, 1) or today + timedelta(days=1)
        return datetime.combine(day, _BY_END_OF, VIETNAM).astimezone(now.tzinfo)

    async def _send(self, planned: _Planned) -> None:
        """Send a template message and write down what became of it."""
        notice = planned.notice
        template = self._lines[planned.channel].template
        assert template is not None  # noqa: S101 - way_of chose it for being there
        day = self._clock.now().astimezone(VIETNAM).date()
        failed: SendFailed | None = None
        try:
            async with asyncio.timeout(CLAIM.total_seconds() / 2):
                await template(planned.address, notice.id, planned.case.number, day)
        except Exception as error:
            failed = error if isinstance(error, SendFailed) else SendFailed(Failure.UNKNOWN, type(error).__name__)
            told = {"channel": planned.channel, "failure": failed.failure.value, "code": failed.code}
            log.warning("a template message was not sent", extra=told)
        await asyncio.to_thread(self._sent, planned, failed)

    def _sent(self, planned: _Planned, failed: SendFailed | None) -> None:
        notice, now = planned.notice, self._clock.now()
        with self._units() as unit:
            if failed is None:
                unit.threads.count(planned.channel, "template.sent")
                place = self._place(unit, notice, now)
                self._waits_for_them(unit, notice, planned.case, place, NoticeStatus.TEMPLATE, now)
            else:
                unit.threads.count(planned.channel, f"template.{failed.failure.value}")
                if failed.failure is Failure.UNKNOWN:
                    unit.threads.count(planned.channel, UNCERTAIN)
                self._failed(unit, planned, failed, now)
            unit.commit()

    def _failed(self, unit: UnitOfWork, planned: _Planned, failed: SendFailed, now: datetime) -> None:
        """Try again later, or leave it to somebody of the office: who waits for an answer does not wait for ever."""
        notice = planned.notice
        again = failed.failure in {Failure.RETRY, Failure.UNKNOWN, Failure.WAIT, Failure.ALARM}
        if again and notice.attempts < MAX_TRIES and now - notice.created_at < PATIENCE:
            delay = failed.after or min(_LONGEST_DELAY, timedelta(seconds=30 * 2**notice.attempts))
            unit.notices.look_again(notice.id, now + delay)
            return
        place = self._place(unit, notice, now)
        self._done(unit, notice, planned.case, place, Way.PERSON, now)


def _why(place: Place) -> str:
    if place.thread is None:
        return "họ có thể không mở lại trang"
    if place.thread.status in {ThreadStatus.BLOCKED, ThreadStatus.LEFT}:
        return "họ không nhận tin"
    return "kênh đang tắt" if place.capabilities is None else "đã quá thời gian nền tảng cho nhắn"


_HAPPENED = {
    "released": "phiếu {number} đã được cho chuyển xử lý",
    "inspection": "phiếu {number} đã chuyển đoàn kiểm tra",
    "answered": "phiếu {number} đã có trả lời",
}
# How they asked to be told; the number itself is opened with a reason, as always.
_WANTS = {
    Reach.CALL: "Họ muốn được gọi: mở số liên hệ trong phiếu (có ghi lý do) rồi gọi; không nghe máy thì nhắn SMS.",
    Reach.SMS: "Họ chỉ nhận tin nhắn, đừng gọi: mở số liên hệ trong phiếu (có ghi lý do) rồi nhắn SMS.",
    Reach.EMAIL: "Họ nhận thư điện tử: mở địa chỉ trong phiếu (có ghi lý do) rồi gửi.",
    Reach.CHAT: "Họ muốn nhận trong khung chat: nhắn tay ở trang quản trị {channel}; không được thì nhắn SMS.",
    None: "Họ không để lại số: nhắn tay ở trang quản trị {channel}, chỉ báo là có tin mới, không nêu nội dung.",
}
