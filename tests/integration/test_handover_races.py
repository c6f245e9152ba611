"""Many do things at once: threads and processes race for a claim, citizens write meanwhile, services are killed."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core.conversation import Owner
from bot.core.errors import ClaimedByAnother, ConversationBusy, HandOverError, NotPermitted
from bot.core.handover.attention import Ending
from bot.core.messages import EventKind
from bot.store import KeyRing, Store
from tests.integration.console_steps import LAN, MINH, SEP, Office


@pytest.fixture
def office(migrated_url: str, keys: KeyRing) -> Iterator[Office]:
    """Return an office whose writers are patient: how long a stalled disk takes isn't what the races are about."""
    store = Store(migrated_url, keys, busy_seconds=60)
    office = Office(store)
    office.hire()
    yield office
    store.close()


def together(*works: Callable[[], None]) -> list[BaseException]:
    """Run in threads that start at once; return what was raised."""
    barrier, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_two_threads_that_claim_one_gets_it_and_the_other_is_told(office: Office) -> None:
    for n in range(10):
        conversation = office.waiting(f"web-{n}")
        raised = together(
            lambda c=conversation: office.desk.claim(LAN, c), lambda c=conversation: office.desk.claim(MINH, c)
        )
        (refused,) = raised
        assert isinstance(refused, ClaimedByAnother)
        held = office.attention(conversation)
        assert {held.by, {"lan": "minh", "minh": "lan"}[refused.by]} == {"lan", "minh"}
        assert refused.by == held.by
        assert [act for _, act in office.heard(conversation)].count("attended_begin") == 1
        assert [action for _, action in office.audited(conversation)].count("conversation_claim") == 1


def test_of_four_processes_that_claim_one_gets_each(
    office: Office, migrated_url: str, keys: KeyRing, tmp_path: Path
) -> None:
    names = [office.waiting(f"web-{n}") for n in range(8)]
    office.store.close()
    people = (LAN, MINH, SEP)

    def claim(job: int) -> None:
        store = Store(migrated_url, keys, busy_seconds=30)
        mine = Office(store)
        got = []
        for name in names[job * 2 :] + names[: job * 2]:
            try:
                mine.desk.claim(people[job], name)
                got.append(name)
            except ClaimedByAnother:
                pass
        store.close()
        (tmp_path / f"got-{job}").write_text("\n".join(got))

    children = []
    for job in range(len(people)):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                claim(job)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(people)
    got = [(people[job].id, name) for job in range(3) for name in (tmp_path / f"got-{job}").read_text().split()]
    assert sorted(name for _, name in got) == names
    assert all(office.attention(name).by == who for who, name in got)
    with office.store() as unit:
        assert unit.audit.verify() is None


def test_a_reply_sent_twice_at_once_is_said_once(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    for n in range(8):
        raised = together(*[lambda n=n: office.desk.reply(LAN, "web-1", f"m{n}", f"Lời {n}") for _ in range(3)])
        assert raised == []
    said = [text for kind, text in office.heard() if kind == "operator"]
    assert said == [f"Lời {n}" for n in range(8)]


def test_citizens_staff_and_the_assistant_at_once_lose_nothing_and_never_block_each_other(office: Office) -> None:
    names = [office.open(f"web-{n}") for n in range(3)]
    stop, failures, count = threading.Event(), [], 40

    def citizen(name: str) -> None:
        for n in range(count):
            while True:
                try:
                    office.says(f"tin {n}", name)
                    break
                except ConversationBusy:  # too many wait: a page sends it again
                    time.sleep(0.05)

    def assistant() -> None:
        while not stop.is_set():
            for name in names:
                office.answers(name)

    def person(who: object) -> None:
        rng = random.Random(str(who))
        n = 0
        while not stop.is_set():
            name, n = rng.choice(names), n + 1
            act = rng.choice(["claim", "reply", "release", "hand_back", "close", "transfer", "note"])
            try:
                match act:
                    case "claim":
                        office.desk.claim(SEP, name)
                    case "reply":
                        office.desk.reply(SEP, name, f"{who}-{n}", f"lời {who} {n}")
                    case "release":
                        office.desk.release(SEP, name)
                    case "hand_back":
                        office.desk.hand_back(SEP, name, "xong")
                    case "close":
                        office.desk.close(SEP, name, Ending.ANSWERED)
                    case "transfer":
                        office.desk.transfer(SEP, name, "lan", "giúp")
                    case "note":
                        office.desk.note(SEP, name, "ghi")
            except (HandOverError, NotPermitted):
                pass

    def guarded(work: Callable[..., None], *args: object) -> Callable[[], None]:
        def run() -> None:
            try:
                work(*args)
            except BaseException as error:
                failures.append(error)

        return run

    talking = [threading.Thread(target=guarded(citizen, name)) for name in names]
    others = [threading.Thread(target=guarded(assistant))]
    others += [threading.Thread(target=guarded(person, who)) for who in ("a", "b")]
    for thread in (*talking, *others):
        thread.start()
    for thread in talking:
        thread.join(120)
    stop.set()
    for thread in others:
        thread.join(120)
    assert failures == []
    for name in names:
        # Whoever has it gives it back: what nobody answered the assistant answers now, each message once.
        if office.attention(name).owner is Owner.OPERATOR:
            office.desk.release(SEP, name)
            office.desk.claim(SEP, name)
            office.desk.hand_back(SEP, name, "")
        office.answers(name)
        log = office.log(name)
        assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))
        asked = [entry.body["text"] for entry in log if entry.kind is EventKind.CITIZEN]
        assert sorted(asked) == sorted(f"tin {n}" for n in range(count))
        answered = [entry.turn_id for entry in log if entry.kind is EventKind.ASSISTANT and entry.turn_id]
        assert len(answered) == len(set(answered))
        assert name not in office.due()
    with office.store() as unit:
        changes = unit.switchboard.changes(0, 100_000)
        assert unit.switchboard.newest() == len(changes)
    assert [change.sequence for change in changes] == list(range(1, len(changes) + 1))
    with office.store() as unit:
        assert unit.audit.verify() is None
    with office.store() as unit:
        assert [each for each in unit.audit.mismatches() if each.what == "words"] == []


def kill_at(store: Store, step: int) -> None:
    """Let the process die when the statement or commit of that number is about to be executed."""
    count = 0

    def arrive(*_: object) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", arrive)
    event.listen(store.engine, "commit", arrive)


def attend(store: Store, conversation: str) -> None:
    """Do a whole attendance; what was done before is not done again."""
    office = Office(store)
    office.desk.claim(LAN, conversation)
    office.desk.reply(LAN, conversation, "m1", "Chào anh.")
    office.desk.hand_back(LAN, conversation, "Đã xong.")


def test_a_service_killed_anywhere_in_an_attendance_leaves_nothing_half_done(
    office: Office, migrated_url: str, keys: KeyRing
) -> None:
    died = 0
    for step in range(1, 400, 3):
        conversation = office.waiting(f"web-{step}")
        office.says("chị ơi", conversation)
        office.store.close()  # no connection is carried into the fork
        child = os.fork()
        if child == 0:
            status = 1
            try:
                mine = Store(migrated_url, keys, busy_seconds=30)
                kill_at(mine, step)
                attend(mine, conversation)
                mine.close()
                status = 0
            finally:
                os._exit(status)
        ended = os.waitpid(child, 0)[1]
        if os.WIFEXITED(ended):
            assert os.WEXITSTATUS(ended) == 0
            break
        died += 1
        acts = [act for _, act in office.heard(conversation)]
        attention = office.attention(conversation)
        assert ("attended_begin" in acts) == (attention.last_by == "lan")
        assert acts.count("Chào anh.") <= 1
        assert ("attended_back" in acts) == (attention.ending is Ending.HANDED_BACK)
        if attention.ending is None:
            attend(office.store, conversation)  # the page sends again what it had no answer to
        acts = [act for _, act in office.heard(conversation)]
        assert (acts.count("Chào anh."), acts.count("attended_back"), acts.count("attended_begin")) == (1, 1, 1)
    assert died >= 10, "an attendance has fewer statements than its steps"
    with office.store() as unit:
        assert unit.audit.verify() is None
    with office.store() as unit:
        assert [each for each in unit.audit.mismatches() if each.what == "words"] == []
