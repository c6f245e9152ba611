"""Taking imported records into a catalogue folder: nothing that is there is lost, a repeated import changes nothing.

A record is matched on its id, else on its confirmed national code. Within a version an imported fact goes in only if
it is at least as well proven as what the catalogue has in that group of facts (unverified < law < verified); else the
old fact stays and is reported as kept. Lists of sources and aliases are joined. A record that names a decision later
than the current version's beginning, or a later `valid_from`, makes a new version on top of the old facts and ends
the old version on the day before.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.core.procedures import Confidence
from knowledge.importers.parsing import slug
from knowledge.problems import RowProblem, explain
from knowledge.records import CatalogueFile, read_files, version_problems
from knowledge.schema import GROUP_OF, RANK, Record
from knowledge.yaml_files import as_plain, write_yaml

_JOINED = ("sources", "aliases")
_ONE_DAY = dt.timedelta(days=1)
_MEMBERS = {group: [n for n, its in GROUP_OF.items() if its == group] for group in dict.fromkeys(GROUP_OF.values())}


@dataclass
class MergeReport:
    """What a merge did, by procedure id; `kept` holds (id, field) where a better proven fact stayed."""

    added: list[str] = field(default_factory=list)
    new_versions: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


class Folder:
    """A catalogue folder being changed: which file holds which version, and which files must be written."""

    def __init__(self, path: Path) -> None:
        """Read the folder; an absent or empty one is a new catalogue. Raises CatalogueError on an unusable file."""
        self.path = path
        found = read_files(path) if path.is_dir() and any(path.glob("*.y*ml")) else []
        self.problems = [problem for file in found for problem in file.problems]
        self.files = {file.path: file.completed() for file in found}
        self.heads = {file.path: file for file in found}
        self.changed: set[Path] = set()
        self._codes: dict[str, str] = {}
        self._places: dict[str, set[Path]] = {}
        for file, records in self.files.items():
            for record in records:
                self._remember(file, record)

    def versions(self, procedure_id: str) -> list[tuple[Path, Record]]:
        """Return the versions of an id, oldest first, with their files."""
        places = self._places.get(procedure_id, ())
        found = [(path, r) for path in places for r in self.files[path] if r.id == procedure_id]
        return sorted(found, key=lambda pair: pair[1].valid_from or dt.date.min)

    def id_of(self, record: Record) -> str:
        """Return the catalogue's id for an imported record: the same id, the id with its code, or its own."""
        if self.versions(record.id):
            return record.id
        return self._codes.get(record.code, record.id) if record.code else record.id

    def put(self, path: Path, record: Record, instead_of: Record | None = None) -> None:
        """Add a version to a file, or exchange one."""
        records = self.files.setdefault(path, [])
        if instead_of is None:
            records.append(record)
        else:
            records[records.index(instead_of)] = record
        self.changed.add(path)
        self._remember(path, record)

    def _remember(self, path: Path, record: Record) -> None:
        self._places.setdefault(record.id, set()).add(path)
        if record.code and record.proof("code") is not Confidence.UNVERIFIED:
            self._codes.setdefault(record.code, record.id)

    def file_for(self, sector: str | None) -> Path:
        """Return the sector's file, an existing one first."""
        for path, head in self.heads.items():
            if head.field == sector:
                return path
        path = self.path / f"{slug(sector)[:-7] if sector else 'chua-ro-linh-vuc'}.yaml"
        while path in self.heads:
            path = path.with_name(f"{path.stem}-2.yaml")
        self.heads[path] = CatalogueFile(path, sector)
        return path

    def write(self) -> None:
        """Write the changed files, each in one step; facts that the file's head states are not repeated."""
        for path in sorted(self.changed):
            head = self.heads[path]
            shared = {"field": head.field, "checked_on": head.checked_on}
            rows = []
            for record in self.files[path]:
                row = as_plain(record)
                rows.append({k: v for k, v in row.items() if k not in shared or v != shared[k]})
            title = head.field or "Chưa rõ lĩnh vực"
            write_yaml(
                path,
                f"{title}: {len(rows)} thủ tục. Cách sửa: docs/catalogue.md",
                {name: value for name, value in shared.items() if value is not None},
                rows,
            )


def merge(folder: Folder, records: Iterable[Record], today: dt.date, source: str) -> MergeReport:
    """Take the records into the folder (in memory; `folder.write` makes it durable) and say what happened.

    `today` becomes the day of checking of new and changed records that have none; `source` is the file's name in
    problems.
    """
    report = MergeReport(problems=list(folder.problems))
    if report.problems:
        return report
    for record in records:
        target = folder.id_of(record)
        try:
            _take(folder, record.model_copy(update={"id": target}), today, report)
        except ValidationError as error:
            report.problems += [
                replace(problem, reason=f"{target}: {problem.reason}") for problem in explain(error, source, 0)
            ]
    return report


def _take(folder: Folder, record: Record, today: dt.date, report: MergeReport) -> None:
    versions = folder.versions(record.id)
    if not versions:
        path = folder.file_for(record.field)
        folder.put(path, record if record.checked_on else record.model_copy(update={"checked_on": today}))
        report.added.append(record.id)
        return
    same = next((pair for pair in versions if _same_version(pair[1], record)), None)
    path, current = same or versions[-1]
    start = _begins(record)
    if same is None and start and _is_later(start, current):
        facts = _combined(current, record, report, take_all=True)
        facts.update({"valid_from": start, "valid_to": record.valid_to, "checked_on": record.checked_on or today})
        fresh = Record.model_validate(facts)
        end = min(current.valid_to or dt.date.max, start - _ONE_DAY)
        ended = Record.model_validate({**as_plain(current), "valid_to": end})
        if not list(version_problems([*(r for _, r in versions[:-1]), ended, fresh])):
            folder.put(path, ended, instead_of=current)
            folder.put(path, fresh)
            report.new_versions.append(record.id)
            return
    kept = len(report.kept)
    facts = _combined(current, record, report)
    rechecked = record.checked_on and record.checked_on > (current.checked_on or dt.date.min)
    if facts == as_plain(current) and not rechecked:
        report.unchanged.append(record.id)
        return
    newest = max(record.checked_on or today, current.checked_on or today)
    changed = Record.model_validate({**facts, "checked_on": newest})
    others = [r for _, r in versions if r is not current]
    if list(version_problems([*others, changed])):
        del report.kept[kept:]
        report.kept.append((record.id, "valid_from"))
        report.unchanged.append(record.id)
        return
    folder.put(path, changed, instead_of=current)
    report.updated.append(record.id)


def _begins(record: Record) -> dt.date | None:
    decision = record.decision
    return record.valid_from or (decision and (decision.effective_from or decision.date)) or None


def _same_version(mine: Record, theirs: Record) -> bool:
    if mine.decision and theirs.decision:
        return mine.decision.number == theirs.decision.number
    return theirs.valid_from is not None and mine.valid_from == theirs.valid_from


def _is_later(start: dt.date, current: Record) -> bool:
    known = _begins(current)
    return known is not None and start > known


def _combined(current: Record, record: Record, report: MergeReport, take_all: bool = False) -> dict[str, Any]:
    """Return the current facts with those of the import that may go in."""
    own, given = as_plain(current), as_plain(record)
    facts = dict(own)
    for name, value in given.items():
        if name in ("id", "confidence", "checked_on") or (name == "time_limit" and not _tells(record)):
            continue
        if name in _JOINED:
            facts[name] = [*own.get(name, []), *(v for v in value if v not in own.get(name, []))]
        elif own.get(name) == value:
            continue
        elif take_all or RANK[record.proof(name)] >= RANK[_proof_of_group(current, own, name)]:
            facts[name] = value
        else:
            report.kept.append((current.id, name))
    confidence = dict(current.confidence)
    for group, members in _MEMBERS.items():
        proof = _proof(members, facts, own, given, current, record, take_all)
        if proof is not None and (proof is not current.proof(members[0]) or own.keys().isdisjoint(members)):
            confidence[group] = proof
    return {**facts, **({"confidence": confidence} if confidence else {})}


def _proof_of_group(current: Record, own: dict[str, Any], name: str) -> Confidence:
    """How well the catalogue's facts of this group are proven; unverified where it has none of them."""
    members = _MEMBERS.get(GROUP_OF[name], [name]) if name in GROUP_OF else [name]
    return Confidence.UNVERIFIED if own.keys().isdisjoint(members) else current.proof(name)


def _proof(
    members: list[str],
    facts: dict[str, Any],
    own: dict[str, Any],
    given: dict[str, Any],
    current: Record,
    record: Record,
    take_all: bool,
) -> Confidence | None:
    """A group that is now wholly the import's has the better of both proofs; a mixed one keeps the weaker.

    None where the group stays as it is.
    """
    present = [name for name in members if name in facts]
    if given.keys().isdisjoint(present):
        return None
    before, theirs = current.proof(members[0]), record.proof(members[0])
    if all(facts[name] == given.get(name) for name in present):
        untouched = all(own.get(name) == facts[name] for name in present)
        return max(before, theirs, key=RANK.__getitem__) if untouched else theirs
    return min(before, theirs, key=RANK.__getitem__) if take_all else None


def _tells(record: Record) -> bool:
    return record.time_limit is not None and record.time_limit.known
