"""Processes that share a database: one is killed at every statement of a turn, several race for the same work."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core.conversation import ConversationState
from bot.core.errors import ConfigurationError
from bot.core.messages import EventKind, InboundMessage, TurnRecord
from bot.core.replies import Reply
from bot.store import KeyRing, SingleProcessLock, Store

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
REPLY = Reply("fee", "Không mất phí ạ.")
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 12.5)
MESSAGES = ("cho hỏi", "lệ phí hội thảo")


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a forked process and return its wait status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def one_turn(store: Store, conversation: str, now: datetime) -> None:
    """Take a conversation from nothing to its answer; whatever was done before is not done again."""
    with store() as unit:
        if not unit.conversation_exists(conversation):
            unit.create_conversation(conversation, "web", now)
            unit.commit()
    for number, text in enumerate(MESSAGES):
        with store() as unit:
            unit.store_inbound(InboundMessage(conversation, f"m{number}", text, now), 10)
            unit.commit()
    with store() as unit:
        turn = unit.claim_turn(conversation, f"worker {os.getpid()}", now, 60)
        unit.commit()
    if turn is None:
        return
    with store() as unit:
        if unit.record_reply(turn.id, REPLY, RECORD):
            unit.save_state(conversation, ConversationState(procedure=turn.id), now)
            unit.commit()
    with store() as unit:
        unit.append_event(conversation, EventKind.ASSISTANT, REPLY.to_payload(), turn.id, now)
        unit.finish_turn(turn.id, "answered", now)
        unit.commit()


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


def test_a_process_killed_anywhere_leaves_no_half_turn(store: Store, migrated_url: str, keys: KeyRing) -> None:
    died = 0
    for step in range(1, 200):
        conversation = f"c{step}"
        store.close()  # no connection is carried into the fork

        def work(conversation: str = conversation, step: int = step) -> None:
            mine = Store(migrated_url, keys)
            kill_at(mine, step)
            one_turn(mine, conversation, NOW)
            mine.close()

        status = in_child(work)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        died += 1
        _assert_whole(store, conversation)
        _go_on(store, conversation)
    assert died >= 25, "the turn has fewer statements than its steps"


def _assert_whole(store: Store, conversation: str) -> None:
    with store() as unit:
        if not unit.conversation_exists(conversation):
            return
        log = unit.events_after(conversation, 0)
        assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))
        state = unit.state(conversation)
        if state.procedure is not None:
            assert unit.stored_reply(state.procedure) == REPLY
        answers = [entry for entry in log if entry.kind is EventKind.ASSISTANT]
        if answers:
            assert unit.claim_turn(conversation, "w", NOW + timedelta(hours=1), 60) is None
            assert state.procedure == answers[0].turn_id


def _go_on(store: Store, conversation: str) -> None:
    """Do what a restarted service and a client that sends again do; every message is answered, once."""
    deadline = time.monotonic() + 10
    later = NOW + timedelta(minutes=5)
    one_turn(store, conversation, later)
    while True:
        with store() as unit:
            waiting = conversation in unit.due_conversations(later, 1000)
        if not waiting:
            break
        # PostgreSQL may take a moment to notice that the killed process is gone and to free its rows.
        assert time.monotonic() < deadline
        one_turn(store, conversation, later)
    with store() as unit:
        log = unit.events_after(conversation, 0)
        answered = [entry.turn_id for entry in log if entry.kind is EventKind.ASSISTANT]
        texts = [turn.text for id in answered if id and (turn := unit.turn(id))]
        asked = [entry.body["text"] for entry in log if entry.kind is EventKind.CITIZEN]
        assert unit.state(conversation).procedure == answered[-1]
    assert "\n".join(texts).split("\n") == asked == list(MESSAGES)
    assert len(answered) == len(set(answered))
    assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))


def test_processes_that_race_claim_each_turn_once(
    store: Store, migrated_url: str, keys: KeyRing, tmp_path: Path
) -> None:
    names = [f"c{number}" for number in range(20)]
    with store() as unit:
        for name in names:
            unit.create_conversation(name, "web", NOW)
            unit.store_inbound(InboundMessage(name, "m", "xin chào", NOW), 10)
        unit.commit()
    store.close()

    def claim(job: int) -> None:
        mine = Store(migrated_url, keys)
        got = []
        for name in names[job * 5 :] + names[: job * 5]:
            with mine() as unit:
                turn = unit.claim_turn(name, f"w{job}", NOW, 60)
                unit.commit()
            if turn is not None:
                got.append(turn.id)
        mine.close()
        (tmp_path / f"got-{job}").write_text("\n".join(got))

    children = []
    for job in range(4):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                claim(job)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    got = [id for job in range(4) for id in (tmp_path / f"got-{job}").read_text().split()]
    with store() as unit:
        missed = unit.due_conversations(NOW, 100)
    assert len(got) == len(set(got))
    assert len(got) + len(missed) == len(names)


def test_a_second_service_on_sqlite_is_refused_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "service.lock"

    def second() -> None:
        with pytest.raises(ConfigurationError) as refused, SingleProcessLock(path):
            pass
        assert f"process {os.getppid()}" in str(refused.value)
        assert "\n" not in str(refused.value)

    with SingleProcessLock(path):
        assert in_child(second) == 0
    with SingleProcessLock(path):
        pass


def test_the_lock_of_a_killed_service_is_free(tmp_path: Path) -> None:
    path = tmp_path / "service.lock"

    def die() -> None:
        with SingleProcessLock(path):
            os.kill(os.getpid(), signal.SIGKILL)

    assert os.WTERMSIG(in_child(die)) == signal.SIGKILL
    with SingleProcessLock(path):
        pass
