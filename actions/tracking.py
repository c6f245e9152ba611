"""«Đến đâu rồi»: a case filed here is looked up; a dossier cannot be, which is said, with where it can."""

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from actions.cases.status import CaseStatus
from actions.joining import BY_JOIN, WHOSE, whose_buttons
from actions.turn_action import Decision
from bot.core.cases.following import forgets_secret
from bot.core.cases.interview import OWN_BUTTON
from bot.core.cases.number import broken_number, claimed_secret, numbers_in, secrets_in
from bot.core.cases.state import Case
from bot.core.channels.joining import cases_followed, followed, waits_for_whose
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Button, Reply, Source
from bot.core.routes import Outcome, Reason, Route
from bot.core.story import appointment
from nlu.text import fold

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# H26.15.02-261008-0975, 000.00.01.H26-230101-0001 (data/pii_patterns: dossier_code)
DOSSIER_CODE = re.compile(r"(?:000\.\d{2}\.\d{2}\.)?[HG]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}(?!\d)", re.IGNORECASE)
_CASE = re.compile(r"\b(?:phieu|phan anh|ma phieu|to cao|khieu nai|kien nghi|vu (?:do|nay|cua)|ma bi mat)\b")
_FILE = re.compile(r"\b(?:ho so|giay to|the|don xin|ket qua ho so|giay hen|ma ho so)\b")
_LATE = re.compile(r"\b(?:qua han|tre hen|qua hen|cham|mai (?:chua|khong|ko)|lau qua|hen .* (?:chua|khong|ko))\b")
# «PA-…»: another number, not what was asked for.
_CODED = re.compile(r"(?<![a-z0-9])pa[\s.:#-]{0,2}\d{3}", re.IGNORECASE)
MAX_TRIES = 5
LOCK_SECONDS = 900.0
NUMBER, SECRET = "number", "secret:"


class TrackAction:
    """Decides a turn that asks for the state of a case or of a file."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory, status: CaseStatus) -> None:
        self._phrases = phrases
        self._units = units
        self._status = status

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Return the state of the case that is named or was filed here, or where a file can be looked up."""
        raw, folded = signal.raw or signal.text, fold(signal.text)
        awaited = state.awaited or ""
        if awaited.startswith(SECRET) and not _CODED.search(raw) and (claimed := claimed_secret(raw)):
            # Letters that no secret has are a wrong try like any other: it is said, and the number still waits.
            return self._numbered(awaited.removeprefix(SECRET), (claimed,), signal, state)
        numbers = numbers_in(raw, bare=awaited == NUMBER or bool(_CASE.search(folded)))
        if numbers:
            return self._numbered(numbers[0], secrets_in(raw), signal, state)
        if awaited.startswith(SECRET) and forgets_secret(signal.text):
            return self._asked("follow_secret_lost", awaited, state, number=awaited.removeprefix(SECRET))
        if broken_number(raw):
            return self._asked("status_broken_number", NUMBER, state)
        if DOSSIER_CODE.search(signal.text) or (_FILE.search(folded) and not _CASE.search(folded)):
            return self._file(signal, state, folded)
        with self._units() as unit:
            cases = cases_followed(unit, signal.conversation_id)
            asks_whose = not cases and waits_for_whose(unit, signal.conversation_id)
        if cases:
            return self._shown(cases[0], signal, state)
        if asks_whose:
            asked = self._asked("join_whose_first", WHOSE, state)
            return replace(asked, reply=replace(asked.reply, buttons=whose_buttons(self._phrases)))
        return (
            self._asked("status_ask_number", NUMBER, state)
            if _CASE.search(folded)
            else self._file(signal, state, folded)
        )

    def _numbered(self, number: str, given: Sequence[str], signal: Signal, state: ConversationState) -> Decision:
        with self._units() as unit:
            case_id = unit.cases.by_number(number)
            case = unit.cases.case(case_id) if case_id else None
            if case and (case.id == state.case_id or case.conversation_id in followed(unit, signal.conversation_id)):
                # Filed here or where somebody joined with here did, or opened here with its secret before.
                return self._shown(case, signal, state)
            if not given:
                # Said alike for a number that does not exist: whoever guesses learns nothing.
                return self._asked("status_ask_secret", f"{SECRET}{number}", state, number=number)
            fits = case is not None and unit.cases.check_secret(
                case.id, given[0], signal.now, max_tries=MAX_TRIES, lock_seconds=LOCK_SECONDS
            )
            unit.commit()
        if not fits or case is None:
            return self._wrong(number, state)
        return self._shown(case, signal, state, by_secret=True)

    def _shown(self, case: Case, signal: Signal, state: ConversationState, *, by_secret: bool = False) -> Decision:
        facts = {key: value for key, value in state.facts.items() if key != BY_JOIN}
        elsewhere = case.conversation_id != signal.conversation_id and case.id != state.case_id
        if (elsewhere and not by_secret) or (case.id == state.case_id and BY_JOIN in state.facts):
            facts[BY_JOIN] = case.id
        reply = self._status.reply(case, state.address, signal.now.astimezone(VIETNAM).date())
        state = replace(
            state,
            route=Route.TRACK_CASE,
            outcome=Outcome.STATUS,
            reason=None,
            agency=None,
            case_id=case.id,
            awaited=None,
            facts=facts,
        )
        return Decision(reply, state)

    def _wrong(self, number: str, state: ConversationState) -> Decision:
        """Say that it does not fit and go on waiting; alike for a number that does not exist."""
        wrong = self._asked("status_wrong", f"{SECRET}{number}", state)
        facts = {"count": MAX_TRIES, "limit": round(LOCK_SECONDS / 60)}
        text = self._phrases.say("follow_wrong_secret", state.address, number=number, **facts)
        return replace(wrong, reply=replace(wrong.reply, text=text))

    def _asked(self, act: str, awaited: str, state: ConversationState, **facts: object) -> Decision:
        reply = Reply(act, self._phrases.say(act, state.address, **facts))
        state = replace(
            state, route=Route.TRACK_CASE, outcome=Outcome.CLARIFICATION, reason=None, agency=None, awaited=awaited
        )
        return Decision(reply, state)

    def _file(self, signal: Signal, state: ConversationState, folded: str) -> Decision:
        code = DOSSIER_CODE.search(signal.text)
        due = appointment(signal.text, signal.now)
        overdue = bool(_LATE.search(folded)) or (due is not None and due < signal.now.astimezone(VIETNAM).date())
        act = "late_file_offer" if overdue else "track_code" if code else "track"
        facts = {**state.facts, **({"dossier_code": code[0].upper()} if code else {})}
        contacts = self._phrases.contacts
        late = (Button(f"{OWN_BUTTON}late", self._phrases.word("late_file")),) if overdue else ()
        reply = Reply(
            act=act,
            text=self._phrases.say(act, state.address),
            sources=(Source("portal", contacts.portal, contacts.portal_url),),
            buttons=late,
        )
        state = replace(
            state,
            route=Route.TRACK_CASE,
            outcome=Outcome.REFUSED,
            reason=Reason.NEEDS_FILE,
            agency=None,
            facts=facts,
            awaited="late" if overdue else None,
        )
        return Decision(reply, state)
