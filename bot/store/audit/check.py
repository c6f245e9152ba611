"""What the database says was done, held against the audit log: the marks of somebody who wrote to the database alone.

Every verb of the desk is in the log and in its case's timeline, in one transaction; so is every account, token and
identity that the command line or the console makes. What is in one of the two alone, nobody did in the ordinary way.
Not everything can be seen so: citizens' acts are in no log, and columns that no entry repeats (units, deadlines,
scores) are not compared.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from bot.core.cases.lifecycle import PARK_ASKED, Verb
from bot.core.cases.state import Status
from bot.core.errors import ConfigurationError
from bot.core.messages import EventKind
from bot.core.privacy import mask
from bot.store.cases import timeline
from bot.store.sealing import KeyRing
from bot.store.tables.cases import audit, case_events, cases, principals, tokens
from bot.store.tables.conversations import events
from bot.store.tables.staff import account_identities as identities
from bot.store.tables.staff import accounts

ADD, DISABLE, ENABLE, TOKEN = "principal_add", "principal_disable", "principal_enable", "principal_token"
ROLE, USER, SSO, SSO_REMOVED = "principal_role", "user_add", "user_sso", "user_sso_removed"
_OF_PEOPLE = frozenset({ADD, DISABLE, ENABLE, TOKEN, ROLE, USER, SSO, SSO_REMOVED})
# An operator's words to a citizen, once each (bot.core.handover.desk).
REPLY = "conversation_reply"
_VERBS = frozenset(verb.value for verb in Verb)
_REOPENED = "reopened"
# A case is in a state only after one of these; what a citizen reopened counts from there.
_LEADS_TO: dict[str, frozenset[str]] = {
    Status.RELEASED: frozenset({Verb.RELEASE}),
    Status.ASSIGNED: frozenset({Verb.ASSIGN, Verb.SEND_BACK}),
    Status.INSPECTION: frozenset({Verb.INSPECT}),
    Status.EXPLAINED: frozenset({Verb.REPLY}),
    Status.ANSWERED: frozenset({Verb.ANSWER, Verb.REFER, Verb.CORRECT}),
    Status.CLOSED: frozenset({Verb.CLOSE}),
    Status.PARKED: frozenset({Verb.PARK}),
    Status.WITHDRAWN: frozenset({"withdrawn"}),
}
_EVENTS = select(
    case_events.c.case_id, case_events.c.sequence, case_events.c.kind, case_events.c.actor, case_events.c.body
).order_by(case_events.c.case_id, case_events.c.sequence)
_CASES = select(cases.c.id, cases.c.status, cases.c.published)
_LOG = select(audit.c.subject, audit.c.action, audit.c.principal, audit.c.reason).order_by(audit.c.sequence)
_PRINCIPALS = select(principals.c.id, principals.c.role, principals.c.unit, principals.c.active)
_TOKENS = select(tokens.c.principal_id, func.count().label("made")).group_by(tokens.c.principal_id)
_ACCOUNTS = select(accounts.c.principal_id)
_IDENTITIES = select(identities.c.principal_id, func.count().label("made")).group_by(identities.c.principal_id)
_SPOKEN = (
    select(events.c.conversation_id, func.count())
    .where(events.c.kind == EventKind.OPERATOR.value)
    .group_by(events.c.conversation_id)
    .order_by(events.c.conversation_id)
)
_BATCH_ROWS = 1_000


@dataclass(frozen=True)
class Mismatch:
    """Something that was not done in the ordinary way; `what` is one of event, unlogged, missing, state, approved,
    account, changed, active, token, login, identity, words. `detail` says more of it, never words of anybody."""

    what: str
    subject: str
    detail: str = ""


def mismatches(read: Connection, keys: KeyRing) -> list[Mismatch]:
    """Compare timelines, cases, accounts and tokens with the log, as of one moment; the first work of its unit."""
    if read.dialect.name == "postgresql":  # on SQLite every unit reads one snapshot
        read.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    done: Counter[tuple[str, str, str]] = Counter()
    people: dict[str, list[tuple[str, str]]] = {}
    spoken: Counter[str] = Counter()
    for row in read.execute(_LOG, execution_options={"yield_per": _BATCH_ROWS}):
        if row.action in _VERBS:
            done[row.subject, row.action, row.principal] += 1
        elif row.action in _OF_PEOPLE:
            people.setdefault(row.subject, []).append((row.action, row.reason))
        elif row.action == REPLY:
            spoken[row.subject] += 1
    return [*_of_cases(read, keys, done), *_of_people(read, people), *_of_words(read, spoken)]


def _of_cases(read: Connection, keys: KeyRing, done: Counter[tuple[str, str, str]]) -> Iterator[Mismatch]:
    told: Counter[tuple[str, str, str]] = Counter()
    kinds: dict[str, set[str]] = {}
    approved: set[str] = set()
    for row in read.execute(_EVENTS, execution_options={"yield_per": _BATCH_ROWS}):
        verb = Verb.PARK.value if row.kind == PARK_ASKED else row.kind
        if verb in _VERBS:
            told[row.case_id, verb, row.actor] += 1
        if row.kind == Verb.PUBLISH:
            approved.add(row.case_id)
        since = kinds.setdefault(row.case_id, set())
        if row.kind == _REOPENED:
            since.clear()
        since.add(row.kind)
        if not _opens(keys, row.case_id, row.sequence, row.body):
            yield Mismatch("event", row.case_id, str(row.sequence))
    for case_id, verb, actor in sorted((told - done) | (done - told)):
        more = told[case_id, verb, actor] > done[case_id, verb, actor]
        yield Mismatch("unlogged" if more else "missing", case_id, f"{verb} ({actor})")
    for case in read.execute(_CASES):
        needed = _LEADS_TO.get(case.status)
        if needed and not needed & kinds.get(case.id, set()):
            yield Mismatch("state", case.id, case.status)
        if case.published and case.id not in approved:
            yield Mismatch("approved", case.id)


def _of_people(read: Connection, log: dict[str, list[tuple[str, str]]]) -> Iterator[Mismatch]:
    made = {row.principal_id: row.made for row in read.execute(_TOKENS)}
    signing_in = {row.principal_id for row in read.execute(_ACCOUNTS)}
    mapped = {row.principal_id: row.made for row in read.execute(_IDENTITIES)}
    for row in read.execute(_PRINCIPALS.order_by(principals.c.id)):
        entries = log.get(row.id, [])
        given = [reason for action, reason in entries if action in {ADD, ROLE}]
        if not any(action == ADD for action, _ in entries):
            yield Mismatch("account", row.id)
            continue
        # The reason of whatever gave the role ends with role and unit.
        if not given[-1].endswith(mask(f"{row.role} {row.unit or ''}".strip())):
            yield Mismatch("changed", row.id, row.role)
        last = next(action for action, _ in reversed(entries) if action in {ADD, DISABLE, ENABLE})
        if row.active != (last != DISABLE):
            yield Mismatch("active", row.id)
        done = Counter(action for action, _ in entries)
        if made.get(row.id, 0) > done[TOKEN]:
            yield Mismatch("token", row.id)
        # Credentials are sealed, so that nobody writes them who has the database alone.
        if row.id in signing_in and not done[USER]:
            yield Mismatch("login", row.id)
        if mapped.get(row.id, 0) > done[SSO] - done[SSO_REMOVED]:
            yield Mismatch("identity", row.id)


def _of_words(read: Connection, spoken: Counter[str]) -> Iterator[Mismatch]:
    """Find words that citizens were told as a person's, and that no person said."""
    for conversation_id, count in read.execute(_SPOKEN):
        if count != spoken[conversation_id]:
            yield Mismatch("words", conversation_id, f"{count} ({spoken[conversation_id]})")


def _opens(keys: KeyRing, case_id: str, sequence: int, sealed: bytes) -> bool:
    try:
        timeline.opened(keys, sealed, case_id, sequence)
    except ConfigurationError:
        return False
    return True
