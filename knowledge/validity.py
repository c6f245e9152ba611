"""What is known to end a procedure's present text: its own end, a next version, the end of what it rests on."""

import datetime as dt
from collections.abc import Iterator

from bot.core.suggestions.found import Change
from knowledge.records import Catalogue
from knowledge.schema import Record

_ONE_DAY = dt.timedelta(days=1)


def next_change(catalogue: Catalogue, procedure_id: str, day: dt.date) -> Change | None:
    """Return the first change after `day`; None where none is known or the procedure is not."""
    record = catalogue.record(procedure_id, day)
    if record is None:
        return None
    known = [*_of_record(record, day), *_of_later(catalogue, procedure_id, day), *_of_basis(record, day)]
    return min(known, key=lambda change: change.day, default=None)


def _of_record(record: Record, day: dt.date) -> Iterator[Change]:
    if record.valid_to is not None and record.valid_to >= day:
        yield Change(record.valid_to + _ONE_DAY, "ends")


def _of_later(catalogue: Catalogue, procedure_id: str, day: dt.date) -> Iterator[Change]:
    for version in catalogue.versions(procedure_id):
        if version.valid_from is not None and version.valid_from > day:
            yield Change(version.valid_from, "version")


def _of_basis(record: Record, day: dt.date) -> Iterator[Change]:
    for basis in record.legal_basis:
        ends = [end for end in (basis.sunset, basis.replaced_from) if end is not None and end > day]
        if ends and basis.in_force_on(day):
            yield Change(min(ends), "basis", basis.number)
