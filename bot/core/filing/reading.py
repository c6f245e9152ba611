"""Reads a story that an officer took down: the readers and the merging of the chat, over all that was told. Pure.

The whole is read as one message is. In notes of a talk a later line may take back an earlier one («à nhầm, hôm kia»);
a letter's first mention of a day or an office counts, for its writer had time.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from bot.core.cases.absorb import MAX_JUDGED, Absorber
from bot.core.cases.amending import amends
from bot.core.cases.announcing import announced
from bot.core.cases.draft import Draft
from bot.core.cases.heard import Heard, Judgement, StoryReader
from bot.core.cases.interview import Interview
from bot.core.enquiry.signals import Signal
from bot.core.filing.form import WRITTEN, Form, facts_of, overlaid
from bot.core.kinds import InputType, read_kind
from bot.core.privacy import mask
from bot.core.routes import Route
from bot.core.story import VIETNAM, edit_target
from nlu.text import clean

_INTENTS = {
    InputType.KHIEU_NAI: Route.FORMAL_COMPLAINT,
    InputType.TO_CAO: Route.DENUNCIATION,
    InputType.PHAN_ANH_QDHC: Route.REGULATION_FEEDBACK,
    InputType.KIEN_NGHI: Route.REGULATION_FEEDBACK,
    InputType.YEU_CAU_DLCN: Route.PRIVACY_REQUEST,
}
_UNSURE = "nlu_fallback"
# A longer line goes on telling; it takes nothing back.
_AMENDING_WORDS = 16
_NOON = time(12)


@dataclass(frozen=True)
class Reading:
    """What a form says: the form with its facts read anew, the draft they make, and how the story was understood.

    `notes` are what the chat would say about it (acts): a former district, a day to come. `happened` is how sure it
    is that something happened, and was not only wondered about.
    """

    form: Form
    draft: Draft
    heard: Heard
    judgement: Judgement
    notes: tuple[str, ...]
    at: datetime
    happened: float = 1.0

    @property
    def masked(self) -> bool:
        """True when numbers of identity papers were told."""
        return "[số giấy tờ]" in self.draft.narrative


class FilingReader:
    """Reads forms; immutable and free of I/O."""

    def __init__(self, reader: StoryReader) -> None:
        self._reader = reader
        self._interview = Interview(reader)
        self._absorb = Absorber(reader)

    def read(self, form: Form, now: datetime) -> Reading:
        """Read the whole story anew; what was set by hand stays as it was set."""
        at = told_at(form, now)
        text = form.text.strip()
        # Of a very long letter the readers see the beginning; what is kept is the whole.
        heard = self._hear(text[:MAX_JUDGED], at)
        opened = self._interview.open(heard)
        draft, notes = opened.draft, list(opened.notes)
        for line in () if form.source in WRITTEN else text.splitlines()[1:]:
            draft = self._amended(draft, line, at, notes)
        told = heard.text if len(text) <= MAX_JUDGED else mask(clean(text))
        draft = replace(draft, told=(told,) if text else (), told_raw=(text,) if text else (), behaviours=())
        draft = self._absorb.judged(draft, heard.intent, notes) if text else draft
        judgement = self._reader.judge(draft.narrative[:MAX_JUDGED], heard.intent)
        draft = self._graded(overlaid(draft, form), judgement)
        draft = replace(draft, asked=None, before=(), tries=0)
        shown = replace(form, heard_at=at, facts=facts_of(draft, caller_number=form.facts.caller_number))
        return Reading(shown, draft, heard, judgement, tuple(dict.fromkeys(notes)), at, self._reader.happened(heard))

    def _hear(self, text: str, at: datetime) -> Heard:
        masked = mask(clean(text))
        return self._reader.hear(Signal(masked, self._intent(masked), 1.0, at, None, None, text, ""))

    def _intent(self, text: str) -> str:
        """Return what the chat's dialogue engine would make of it: an officer only files what is to be filed."""
        if kind := announced(text):
            return kind.value
        codes = self._reader.judge(text, Route.REPORT_STAFF.value).behaviours
        kind_read = read_kind(text, _UNSURE, None, codes).main
        return _INTENTS.get(kind_read, Route.REPORT_STAFF).value

    def _amended(self, draft: Draft, line: str, at: datetime, notes: list[str]) -> Draft:
        """Take in a line that takes something back; any other was read with the whole."""
        if not 0 < len(line.split()) <= _AMENDING_WORDS:
            return draft
        heard = self._hear(line, at)
        if not amends(replace(draft, asked=None), heard, edit_target(heard.text)):
            return draft
        absorbed = self._absorb(replace(draft, asked=None), replace(heard, amends=True))
        notes += absorbed.notes
        return absorbed.draft

    def _graded(self, draft: Draft, judgement: Judgement) -> Draft:
        """Grade the case by the behaviours that stand in the form; money and danger count by what is told."""
        kind = judgement.kind
        severity = self._reader.taxonomy.severity(draft.behaviours, money=kind.money, danger=kind.danger is not None)
        return replace(draft, severity=severity, thin=draft.thin and not draft.behaviours)


def told_at(form: Form, now: datetime) -> datetime:
    """Return the moment by which a story's days are understood."""
    if form.received_on is not None and form.received_on < now.astimezone(VIETNAM).date():
        return datetime.combine(form.received_on, _NOON, VIETNAM).astimezone(UTC)
    return form.heard_at or now
