"""Ending a web session and erasing a conversation, on SQLite and PostgreSQL alike."""

import json

import pytest

from bot.core.conversation import ConversationState
from bot.core.errors import ConversationBusy, UnknownConversation
from bot.core.messages import EventKind
from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.case_steps import attach, attachment, case, file, timeline
from tests.contracts.steps import NOW, RECORD, REPLY, at, claim, claimed, finish, post, start


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def answered(units: UnitOfWorkFactory, conversation: str = "c") -> None:
    turn = claimed(units, conversation)
    with units() as unit:
        unit.record_reply(turn.id, REPLY, RECORD)
        unit.append_event(conversation, EventKind.ASSISTANT, REPLY.to_payload(), turn.id, NOW)
        unit.commit()
    finish(units, turn)


def erase(units: UnitOfWorkFactory, conversation: str = "c") -> None:
    with units() as unit:
        unit.erase_conversation(conversation, NOW)
        unit.commit()


def test_a_web_session_ends_at_once_and_only_once(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        for name in ("s", "other"):
            unit.create_web_session(name, "c", "hash", at(3600), NOW)
        unit.commit()
    for seconds in (10, 20):
        with units() as unit:
            unit.end_web_session("s", at(seconds))
            unit.end_web_session("unknown", at(seconds))
            unit.commit()
    with units() as unit:
        assert unit.web_session("s") == ("c", "hash", at(10))
        assert unit.web_session("other") == ("c", "hash", at(3600))


def test_an_erased_conversation_has_its_places_and_no_words(units: UnitOfWorkFactory) -> None:
    start(units, "c", "other")
    for conversation in ("c", "other"):
        post(units, "m1", "tôi tên là Hoa", conversation)
        answered(units, conversation)
        with units() as unit:
            unit.save_state(conversation, ConversationState(facts={"name": "Hoa"}), NOW)
            unit.commit()
    erase(units)
    with units() as unit:
        erased, kept = unit.events_after("c", 0), unit.events_after("other", 0)
        assert [(event.sequence, event.kind) for event in erased] == [(event.sequence, event.kind) for event in kept]
        assert {event.body["text"] for event in erased} == {""}
        assert kept[0].body == {"text": "tôi tên là Hoa"}
        assert kept[1].body == json.loads(json.dumps(REPLY.to_payload()))
        assert unit.state("c") == ConversationState()
        assert unit.state("other").facts == {"name": "Hoa"}
        turns = [event.turn_id for event in (erased[1], kept[1])]
        assert [unit.stored_reply(str(turn)) for turn in turns] == [None, REPLY]
    # What was sent before is still known by its id, and the talk could go on.
    assert post(units, "m1", "tôi tên là Hoa") == 1
    assert post(units, "m2", "alo") == 3
    assert claimed(units).text == "alo"


def test_a_conversation_is_not_erased_while_a_message_is_unanswered(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1", "bao lâu")
    for take in (lambda: None, lambda: claim(units)):  # waiting, then being answered
        take()
        with pytest.raises(ConversationBusy):
            erase(units)
    with units() as unit:
        assert unit.events_after("c", 0)[0].body == {"text": "bao lâu"}
    with pytest.raises(UnknownConversation):
        erase(units, "nowhere")


def test_a_filed_case_and_its_files_remain_and_unfiled_files_go(units: UnitOfWorkFactory) -> None:
    start(units)
    attach(units, attachment("filed"), attachment("loose"))
    file(units)
    with units() as unit:
        unit.attachments.assign(["filed"], "a")
        unit.commit()
    before, told = case(units), timeline(units)
    erase(units)
    assert case(units) == before
    assert timeline(units) == told
    with units() as unit:
        assert [found.id for found in unit.attachments.of_conversation("c")] == ["filed"]
        assert unit.attachments.read("filed") == "sạch filed".encode()
