"""What officers do who file for somebody: read a story, look it over, read it back, confirm. Blocking.

Confirming goes the chat's own way: the same filings, the same effects in one transaction with the outbox row.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from bot.core import standing_in
from bot.core.cases.access import Access, View
from bot.core.cases.draft import Draft
from bot.core.cases.effects import RaiseTask
from bot.core.cases.filing import CaseFiling
from bot.core.cases.heard import StoryReader
from bot.core.cases.lifecycle import Incomplete
from bot.core.cases.people import Principal, Role
from bot.core.cases.record import AccessClass
from bot.core.cases.sending import CaseSender, Sent
from bot.core.errors import FilingRepeated, FilingStale, NotPermitted, NumberTaken, StoreUnavailable
from bot.core.filing.checks import Twin, Warn, Warnings, twins_among
from bot.core.filing.choices import require_choices, units_like
from bot.core.filing.consent import AHEAD, ContactConsent, consented
from bot.core.filing.form import Form, Source, differing
from bot.core.filing.ports import Confirmed
from bot.core.filing.reading import FilingReader, Reading
from bot.core.filing.spoken import Spoken
from bot.core.messages import Turn
from bot.core.phrases import Phrases
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.story import Identity
from bot.core.taxonomy import Taxonomy
from bot.core.units import Unit, UnitRegistry

FILERS = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})
FILED = "case_filed"
# An answer that was lost on the way is given again for so long, its secrets too; never later.
SECRETS_AGAIN = timedelta(minutes=10)
MAX_NUMBERS = 5
# A story is read by the moment at which it was first told; an older form is read anew.
_OLDEST_FORM = timedelta(days=2)
ALARM = "alarm"


@dataclass(frozen=True)
class Checked:
    """A form as it stands: what is read, what is missing, what to know before filing."""

    reading: Reading
    missing: Sequence[dict[str, object]]
    warnings: Sequence[Warn]
    twins: Sequence[Twin]


@dataclass(frozen=True)
class FilingTools:
    """What filing works with."""

    units: UnitOfWorkFactory
    clock: Clock
    reader: StoryReader
    filing: CaseFiling
    access: Access
    phrases: Phrases
    registry: UnitRegistry
    taxonomy: Taxonomy


class FilingDesk:
    """The acts. Everything blocks; callers use a thread pool."""

    def __init__(self, tools: FilingTools) -> None:
        self._tools = tools
        self._reader = FilingReader(tools.reader)
        self._spoken = Spoken(tools.phrases, tools.registry, tools.taxonomy)
        self._warnings = Warnings(tools.phrases, tools.access)
        self._sender = CaseSender(tools.units, tools.filing)

    def check(self, principal: Principal, form: Form) -> Checked:
        """Read a form's story and return all that there is to know of it; nothing is stored.

        What was set by hand stays, however the story grows. Raises NotPermitted, UnknownCall.
        """
        form = self._required(principal, form)
        reading = self._read(form)
        twins = self._twins(principal, reading)
        known = self._number(form) is not None
        warnings = self._warnings.of(principal, reading, twins, number_known=known)
        return Checked(reading, self._spoken.missing(reading), warnings, twins)

    def read_back(self, principal: Principal, form: Form) -> list[str]:
        """Return the sentences to read to whom the case is about."""
        return self._spoken.back(self._read(self._required(principal, form)))

    def units_like(self, words: str) -> list[Unit]:
        """Return offices to choose from, by a part of their name."""
        return units_like(self._tools.registry, words)

    def confirm(self, principal: Principal, client_id: str, form: Form, consent: ContactConsent) -> Confirmed:
        """File the case; again with the same `client_id` nothing happens and the same is told.

        Raises Incomplete (what is missing), FilingStale (the form is read otherwise than it was shown),
        FilingRepeated (the id stands for another filing), NotPermitted (also: it names the officer), UnknownCall.
        """
        form = self._required(principal, form)
        key, told = filing_key(principal, client_id), _told(form, consent)
        if done := self._done(key, told):
            return done
        reading = self._read(form)
        if changed := differing(form, reading.form):
            raise FilingStale(changed)
        draft = consented(self._with_number(reading.draft, reading.form), consent, self._tools.clock.now())
        self._require_complete(reading, draft)
        if not self._warnings.may_file(principal, reading):
            raise NotPermitted("whoever is named in a case does not file it")
        for _ in range(MAX_NUMBERS):
            try:
                return self._commit(principal, key, told, replace(draft, case_id=key[:32]), reading, consent)
            except NumberTaken:
                continue  # sent anew, with another number
        raise StoreUnavailable("no free case number was found")

    def _commit(
        self,
        principal: Principal,
        key: str,
        told: str,
        draft: Draft,
        reading: Reading,
        consent: ContactConsent,
    ) -> Confirmed:
        now, form = self._tools.clock.now(), reading.form
        conversation = standing_in.of_call(form.call_id) if form.call_id else standing_in.of_filing(key)
        with self._tools.units() as unit:
            if not unit.filed.begin(key, principal.id, told, now):
                if done := self._done(key, told):
                    return done
                raise StoreUnavailable("the same filing is under way")
            if form.call_id:
                # Two who file out of one call at once: the second sees what the first filed.
                unit.calls.lock(form.call_id)
            if not unit.conversation_exists(conversation):
                unit.create_conversation(conversation, form.source.value, now)
            sent = self._sender.send(draft, conversation, min(reading.at, now))
            danger = reading.judgement.kind.danger
            alarm = (RaiseTask(ALARM, danger.value, now),) if danger else ()
            # Effects are a turn's; here it is the officer's confirmation, in a conversation that nobody else is in.
            turn = Turn(key, conversation, "", None, now, now, 0)
            for effect in (*sent.effects, *alarm):
                effect.apply(unit, turn)
            confirmed = _confirmed(sent)
            unit.filed.keep(key, confirmed)
            subject = sent.earlier.case_id if sent.earlier else sent.main.case_id
            reason = f"{form.source.value}, {consent.how.value}" + (", added" if sent.earlier else "")
            unit.audit.append(principal.id, principal.role.value, FILED, subject, reason, now)
            unit.commit()
        return confirmed

    def _done(self, key: str, told: str) -> Confirmed | None:
        with self._tools.units() as unit:
            kept = unit.filed.find(key, told, self._tools.clock.now() - SECRETS_AGAIN)
        if kept is None:
            return None
        if not kept.same:
            raise FilingRepeated("this id stands for another filing")
        return kept.confirmed

    def _read(self, form: Form) -> Reading:
        now = self._tools.clock.now()
        if form.heard_at is not None and not now - _OLDEST_FORM <= form.heard_at <= now + AHEAD:
            form = replace(form, heard_at=None)
        return self._reader.read(form, now)

    def _twins(self, principal: Principal, reading: Reading) -> tuple[Twin, ...]:
        draft = self._with_number(replace(reading.draft, case_id="draft", consent=True), reading.form)
        filing = self._tools.filing.filings(draft, reading.at)[0]
        conversation = standing_in.of_call(reading.form.call_id) if reading.form.call_id else ""
        with self._tools.units() as unit:
            found = unit.cases.similar(replace(filing, conversation_id=conversation))
            same, others = ([unit.cases.case(case_id) for case_id in ids] for ids in found)
        access = self._tools.access
        return twins_among(filing, same, others, lambda case: access.may(principal, View.LIST, case))

    def _with_number(self, draft: Draft, form: Form) -> Draft:
        """Return the draft with the number that the caller calls from, where they want to be called there."""
        if not form.facts.caller_number or draft.contact.phone or draft.identity is Identity.ANONYMOUS:
            return draft
        return replace(draft, contact=replace(draft.contact, phone=self._number(form)))

    def _number(self, form: Form) -> str | None:
        if form.call_id is None:
            return None
        with self._tools.units() as unit:
            return unit.calls.number(form.call_id)

    def _require_complete(self, reading: Reading, draft: Draft) -> None:
        missing = []
        if not draft.told or not any(character.isalpha() for character in draft.narrative):
            missing.append("draft.text")
        if draft.identity is None:
            missing.append("draft.identity")
        if self._warnings.other_body(reading):
            missing.append("draft.unit")
        if missing:
            raise Incomplete(tuple(missing))

    def _required(self, principal: Principal, form: Form) -> Form:
        """Return the form with its call's own id. Raises NotPermitted unless it is the principal's to file."""
        if not principal.active or principal.role not in FILERS:
            raise NotPermitted(f"{principal.role} may not file for somebody")
        require_choices(form, self._tools.registry, self._tools.taxonomy)
        if form.call_id is None:
            return form
        with self._tools.units() as unit:
            call = unit.calls.call(form.call_id)
        if principal.role is Role.OPERATOR and call.operator != principal.id:
            raise NotPermitted("the call is somebody else's")
        return replace(form, call_id=call.id, source=Source.HOTLINE)


def filing_key(principal: Principal, client_id: str) -> str:
    """Return what a filing is known by; nobody's ids meet another's."""
    return hashlib.sha256(f"{principal.id}\0{client_id}".encode()).hexdigest()


def _told(form: Form, consent: ContactConsent) -> str:
    """Return all that is to be filed as one text, by which a repetition is told from another filing."""
    whole = {"form": asdict(replace(form, by_hand=frozenset())), "consent": consent.how.value}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)


def _confirmed(sent: Sent) -> Confirmed:
    if sent.earlier:
        return Confirmed((sent.earlier.number,), None, added=True)
    return Confirmed(
        numbers=tuple(filing.number for filing in sent.filings),
        due_on=sent.main.due_on,
        restricted=sent.main.record.access is AccessClass.RESTRICTED,
        secrets=tuple(filing.secret for filing in sent.filings),
    )
