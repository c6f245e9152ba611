"""What officers, units and auditors look at: lists, cases, files, tasks, numbers, the audit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.cases import views
from bot.core.cases.access import Level, Office, View, require_office
from bot.core.cases.desk_tools import DeskTools, every, require_reason
from bot.core.cases.exporting import export_row
from bot.core.cases.office_ports import AuditEntry
from bot.core.cases.people import Principal, Role
from bot.core.cases.ports import Attachment
from bot.core.cases.state import Case, CaseFilter
from bot.core.cases.task_views import OpenTask, open_tasks
from bot.core.errors import NotPermitted, UnknownAttachment
from bot.core.ports import UnitOfWork

_TIES = 50
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True)
class After:
    """Where a page ends: after this case."""

    case_id: str


@dataclass(frozen=True)
class Page:
    """Some cases, latest first; ask again with `before` for more, None at the end.

    It is a moment; to a unit, which is told days alone, the last case of the page.
    """

    cases: tuple[views.CaseView, ...]
    before: datetime | After | None


@dataclass(frozen=True)
class UnitNumbers:
    """Cases about a unit; `contacts` counts the distinct contacts that citizens consented to give."""

    unit: str | None
    cases: int
    contacts: int
    findings: dict[str, int]


@dataclass(frozen=True)
class Numbers:
    """Counts of the cases that the principal may see, received since a moment."""

    cases: int
    by_status: dict[str, int]
    by_behaviour: dict[str, int]
    by_input_type: dict[str, int]
    units: tuple[UnitNumbers, ...]


class DeskViews:
    """The views. Everything blocks; callers use a thread pool."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools

    def cases(
        self, principal: Principal, wanted: CaseFilter, limit: int = 50, before: datetime | After | None = None
    ) -> Page:
        """Return a page of what the principal may know of; a unit finds only what is assigned to it.

        A unit's moments are taken as their days in Viet Nam, so that nobody finds a time of day by asking. Raises
        UnknownCase for a page's end that the principal may not know of.
        """
        by_days = principal.role is Role.UNIT
        if by_days:
            wanted = _days(wanted)
        with self._tools.units() as unit:
            found: list[views.CaseView] = []
            last: datetime | None = None
            start = before
            if isinstance(start, After):
                end = unit.cases.case(start.case_id)
                self._tools.access.require(principal, View.LIST, end)
                start = end.record.received_at
            elif start and by_days:
                start = views.day_of(start)
            for case in self._matching(unit, principal, wanted, start, limit):
                # Linked cases were received at the same moment, and stand on the same page.
                if len(found) >= limit and case.record.received_at != last:
                    return Page(tuple(found), After(found[-1].id) if by_days else last)
                found.append(views.summary(case, self._tools.access.level(principal, case)))
                last = case.record.received_at
        return Page(tuple(found), None)

    def case(self, principal: Principal, case_id: str) -> views.CaseView:
        """Open a case: audited as «open». Raises UnknownCase, NotPermitted."""
        with self._tools.units() as unit:
            case = self._tools.enter(unit, principal, View.SHOW, case_id, action="open")
            level = self._tools.access.level(principal, case)
            view = views.whole(case, level, unit.cases.timeline(case_id), len(unit.attachments.of_case(case_id)))
            unit.commit()
        return view

    def by_number(self, principal: Principal, number: str) -> str | None:
        """Return the id of the case with this number, where the principal may know of it."""
        with self._tools.units() as unit:
            case_id = unit.cases.by_number(number)
            if case_id is None or not self._tools.access.may(principal, View.LIST, unit.cases.case(case_id)):
                return None
        return case_id

    def timeline(self, principal: Principal, case_id: str) -> list[views.EntryView]:
        """Open the timeline: audited as «open»."""
        with self._tools.units() as unit:
            case = self._tools.enter(unit, principal, View.TIMELINE, case_id, action="open")
            level = self._tools.access.level(principal, case)
            shown = views.entries(unit.cases.timeline(case_id), level, case)
            unit.commit()
        return shown

    def files(self, principal: Principal, case_id: str) -> list[Attachment]:
        """Return what is said of the files that the principal may open; to a unit without their names."""
        with self._tools.units() as unit:
            case = unit.cases.case(case_id)
            self._tools.access.require(principal, View.FILES, case)
            return self._files(unit, principal, case)

    def file(
        self, principal: Principal, case_id: str, file_id: str, *, original: bool = False, reason: str = ""
    ) -> tuple[Attachment, bytes]:
        """Open a file: its clean copy, or as it came with a reason. Audited. Raises UnknownAttachment."""
        if original:
            require_reason(reason)
        with self._tools.units() as unit:
            act, action = (View.REVEAL, "reveal_file") if original else (View.FILES, "open_file")
            case = self._tools.enter(unit, principal, act, case_id, reason, f"{action}:{file_id}")
            found = next((each for each in self._files(unit, principal, case) if each.id == file_id), None)
            if found is None:
                raise UnknownAttachment(f"file {file_id} is not open to this principal")
            content = unit.attachments.read(file_id, original=original)
            unit.commit()
        return found, content

    def tasks(self, principal: Principal) -> list[OpenTask]:
        """Return open tasks, most urgent first; those of hidden cases are left out."""
        require_office(principal, Office.TASKS)
        with self._tools.units() as unit:
            return open_tasks(unit, principal, self._tools.access)

    def export(
        self, principal: Principal, wanted: CaseFilter, *, identity: bool = False, reason: str = ""
    ) -> list[dict[str, Any]]:
        """Return cases as handed over (bot.core.cases.payload), with what became of them; audited.

        Without `identity` the story is redacted; contact, accused, dossier code and the words as typed are absent.
        With it, each case is audited as revealed, and a reason is needed.
        """
        require_office(principal, Office.EXPORT)
        act = View.REVEAL if identity else View.EXPORT
        if identity:
            require_reason(reason)
        self._tools.note(principal, "export_identity" if identity else "export", "cases", reason)
        with self._tools.units() as unit:
            chosen = [case for case in every(unit, wanted) if self._tools.access.may(principal, act, case)]
            files = {case.id: unit.attachments.of_case(case.id) for case in chosen}
        if identity:
            with self._tools.units() as unit:
                for case in chosen:
                    self._tools.enter(unit, principal, act, case.id, reason)
                unit.commit()
        return [export_row(case, files[case.id], identity=identity) for case in chosen]

    def numbers(self, principal: Principal, since: datetime) -> Numbers:
        """Count the cases that the principal may see; distinct contacts beside them, by unit."""
        require_office(principal, Office.STATS)
        with self._tools.units() as unit:
            cases = list(self._matching(unit, principal, CaseFilter(received_from=since), None, _TIES))
            by_unit: dict[str | None, list[Case]] = {}
            for case in cases:
                by_unit.setdefault(case.record.unit, []).append(case)
            units = [
                UnitNumbers(
                    name,
                    len(of_unit),
                    unit.cases.contact_counts(name, since, [case.id for case in of_unit])[1] if name else 0,
                    dict(Counter(case.answer.finding.value for case in of_unit if case.answer and case.published)),
                )
                for name, of_unit in by_unit.items()
            ]
        return Numbers(
            len(cases),
            dict(Counter(case.status.value for case in cases)),
            dict(Counter(code for case in cases for code in case.record.behaviours)),
            dict(Counter(str(case.record.input_type) for case in cases)),
            tuple(sorted(units, key=lambda numbers: (-numbers.cases, numbers.unit or ""))),
        )

    def audit(
        self, principal: Principal, after: int = 0, limit: int = 200, subject: str | None = None
    ) -> list[AuditEntry]:
        """Return audit entries in order. For auditors."""
        require_office(principal, Office.AUDIT)
        with self._tools.units() as unit:
            return unit.audit.entries(after, limit, subject)

    def verify_audit(self, principal: Principal) -> int | None:
        """Return the first sequence that does not fit, None when the log is whole. For auditors."""
        require_office(principal, Office.AUDIT)
        with self._tools.units() as unit:
            return unit.audit.verify()

    def _matching(
        self, unit: UnitOfWork, principal: Principal, wanted: CaseFilter, before: datetime | None, limit: int
    ) -> Iterator[Case]:
        """Yield what the principal may know of, latest first."""
        if principal.role is Role.CITIZEN:
            yield from (c for c in unit.cases.of_conversation(principal.id) if self._listed(principal, c))
            return
        if principal.role is Role.UNIT:
            if principal.unit is None:
                return
            wanted = replace(wanted, assigned_unit=principal.unit)
        seen: set[str] = set()
        size = limit + _TIES
        while True:
            page = [c for c in unit.cases.list(wanted, size, before) if c.id not in seen]
            seen.update(case.id for case in page)
            yield from (case for case in page if self._listed(principal, case))
            if not page:
                return
            before = page[-1].record.received_at + timedelta(microseconds=1)

    def _listed(self, principal: Principal, case: Case) -> bool:
        return self._tools.access.may(principal, View.LIST, case)

    def _files(self, unit: UnitOfWork, principal: Principal, case: Case) -> list[Attachment]:
        files = unit.attachments.of_case(case.id)
        level = self._tools.access.level(principal, case)
        if level in {Level.FULL, Level.MASKED}:
            return files
        if level is not Level.REDACTED:
            raise NotPermitted("files are not open at this level")
        cleared = views.assignment_of(case, unit.cases.timeline(case.id)).files
        # A recording has a voice and a PDF its metadata: they go to no unit.
        return [
            replace(
                file,
                name=f"tep-{at}",
                conversation_id="",
                sha256="",
                size=len(unit.attachments.read(file.id)),
                created_at=case.updated_at,
            )
            for at, file in enumerate(
                (file for file in files if file.id in cleared and file.media_type in _IMAGES), start=1
            )
        ]


def _days(wanted: CaseFilter) -> CaseFilter:
    since, until = wanted.received_from, wanted.received_to
    return replace(
        wanted,
        received_from=views.day_of(since) if since else None,
        received_to=views.day_of(until) if until else None,
    )
