"""What a story tells besides its time: at which desk, who, how much, what was said, lost, shown and wanted."""

import re
from dataclasses import dataclass

from bot.core.personal_numbers import Kind
from bot.core.privacy import find
from bot.core.story.desks import DeskKind, counter, desk, desk_of_role
from bot.core.story.line import read
from bot.core.story.money import amount
from bot.core.story.proof import Evidence, evidence, lacks_evidence, visits, waited, witnesses
from bot.core.story.staff import staff
from bot.core.story.told import said, wanted


@dataclass(frozen=True)
class StoryFacts:
    """Facts read from a story; what is not told is None. Texts are the citizen's own words.

    `amount` is in đồng, `waited_minutes` counts what can be counted of `waited`. `staff` is an official's name
    (`staff_is_name`) or description. `has_evidence` is False where the citizen says that they have none.
    """

    desk: DeskKind | None = None
    counter: str | None = None
    staff: str | None = None
    staff_is_name: bool = False
    amount: int | None = None
    dossier_code: str | None = None
    waited: str | None = None
    waited_minutes: int | None = None
    visits: int | None = None
    said: str | None = None
    evidence: tuple[Evidence, ...] = ()
    has_evidence: bool | None = None
    witnesses: str | None = None
    wanted: str | None = None


def story_facts(text: str) -> StoryFacts:
    """Return the facts of a story or of an answer. Never raises; linear in the length of the text."""
    line = read(text)
    who, lost, shown = staff(line), waited(line), evidence(line)
    place = desk(line)
    if who and place in (None, DeskKind.UNKNOWN):
        place = desk_of_role(read(who.words)) or place
    return StoryFacts(
        desk=place,
        counter=counter(line),
        staff=who.words if who else None,
        staff_is_name=bool(who and who.is_name),
        amount=amount(line),
        dossier_code=_dossier_code(line.text),
        waited=lost.words if lost else None,
        waited_minutes=lost.minutes if lost else None,
        visits=visits(line),
        said=said(line),
        evidence=shown,
        has_evidence=True if shown else lacks_evidence(line),
        witnesses=witnesses(line),
        wanted=wanted(line),
    )


_MAYBE_CODE = re.compile(r"[hg]\d\d", re.IGNORECASE)


def _dossier_code(text: str) -> str | None:
    if not _MAYBE_CODE.search(text):
        return None
    found = next((item for item in find(text) if item.kind is Kind.DOSSIER_CODE), None)
    return text[found.start : found.end].upper() if found else None
