"""A recording on the web goes the way of the other channels' voice messages: heard, asked about, then answered."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from actions.cases.files import CaseFiles
from actions.cases.recording import EVIDENCE, RecordingTalk
from actions.turn_action import Decision
from bot.core.attachments import FileLimits
from bot.core.cases.draft import Draft
from bot.core.channels.voice import VOICE_NO, VOICE_YES
from bot.core.conversation import ConversationState, Owner
from bot.core.enquiry.signals import Signal
from bot.core.kinds import InputType
from bot.core.messages import EventKind
from bot.core.replies import Reply
from bot.core.routes import Outcome
from bot.store import Store
from channels.files import FileDesk
from channels.listening import MOST_WAITING, Listener
from channels.web.files import PREFIX, files_router
from channels.web.sessions import WebSessions
from tests.browser.fakes import GREETING
from tests.integration.channel_steps import NOW, PHRASES
from tests.integration.web_client import SETTINGS, Web

OGG = b"OggS" + bytes(200)
HEARD = "cho tôi hỏi lập hội cần giấy gì, số của tôi 0912 345 678"


@dataclass
class Ears:
    """Hears what it is told to; `gate` holds it up."""

    says: str | None = HEARD
    heard: list[bytes] = field(default_factory=list)
    gate: threading.Event | None = None

    def hear(self, audio: bytes) -> str | None:
        self.heard.append(audio)
        if self.gate:
            self.gate.wait(30)
        return self.says


class Talk:
    """One citizen's page, and the decision that their turns get."""

    def __init__(self, store: Store) -> None:
        self.ears, self.web, self.state = Ears(), Web(store), ConversationState()
        self.path, self.auth = "", {}
        self.listener = Listener(store, self.ears)
        desk = FileDesk(store, self.web.clock, FileLimits(64 * 1024, 20))
        sessions = WebSessions(store, self.web.clock, GREETING, SETTINGS)
        self.web.app.include_router(files_router(desk, sessions, self.listener))
        files, recordings = CaseFiles(PHRASES, store), RecordingTalk(PHRASES, store)
        self.decide = recordings.around(files.around(lambda heard, state: Decision(Reply("else", heard.text), state)))

    @property
    def conversation(self) -> str:
        return self.web.conversation_of(self.path)

    async def upload(self, content: bytes = OGG) -> str:
        url = f"{PREFIX}/{self.path.rpartition('/')[2]}"
        sent = await self.web.client.post(url, params={"name": "ghi-am.webm"}, content=content, headers=self.auth)
        assert sent.status_code in {200, 201}
        return str(sent.json()["id"])

    async def says(self, text: str, button: str | None = None) -> Decision:
        """Post a message, decide its turn, and publish the reply."""
        body: dict[str, Any] = {"client_message_id": f"m{len(self.web.events(self.path))}", "text": text}
        sent = await self.web.send(self.path, self.auth, body | ({"button": button} if button else {}))
        assert sent.status_code == 202
        with self.web.store() as unit:
            turn = unit.claim_turn(self.conversation, "test", self.web.clock.now(), 30)
            unit.commit()
        assert turn is not None
        signal = Signal(turn.text, "nlu_fallback", 0.3, turn.now, turn.button, None, turn.text, self.conversation)
        decision = self.decide(signal, self.state)
        self.state = decision.state
        with self.web.store() as unit:
            unit.finish_turn(turn.id, "answered", turn.now)
            payload = decision.reply.to_payload()
            unit.append_event(self.conversation, EventKind.ASSISTANT, payload, turn.id, turn.now)
            unit.commit()
        return decision


@pytest.fixture
async def talk(web_store: Store) -> AsyncIterator[Talk]:
    made = Talk(web_store)
    async with made.web.client:
        made.path, made.auth = await made.web.open()
        yield made


async def test_a_recording_is_heard_and_asked_about(talk: Talk) -> None:
    file_id = await talk.upload()
    asked = (await talk.says("Tệp: ghi-am.webm", f"file:{file_id}")).reply
    assert asked.act == "channel_voice_heard"
    assert "cho tôi hỏi lập hội cần giấy gì" in asked.text
    assert "0912 345 678" not in asked.text, "what stands in the log is masked"
    assert [button.id for button in asked.buttons] == [f"{VOICE_YES}{file_id}", f"{VOICE_NO}{file_id}"]
    assert talk.state.outcome is Outcome.CLARIFICATION


@pytest.mark.parametrize("button", [True, False], ids=["pressed", "typed"])
async def test_what_was_heard_is_said_once_it_is_confirmed(talk: Talk, button: bool) -> None:
    file_id = await talk.upload()
    await talk.says("Tệp", f"file:{file_id}")
    said = await talk.says("Đúng", f"{VOICE_YES}{file_id}" if button else None)
    assert (said.reply.act, said.reply.text) == ("else", HEARD)


async def test_heard_wrong_it_is_to_be_typed_or_said_again(talk: Talk) -> None:
    await talk.says("Tệp", f"file:{await talk.upload()}")
    assert (await talk.says("không đúng")).reply.act == "channel_voice_again"
    assert (await talk.says("đúng")).reply.act == "else", "the question is over"


async def test_other_words_are_words(talk: Talk) -> None:
    await talk.says("Tệp", f"file:{await talk.upload()}")
    assert (await talk.says("lệ phí bao nhiêu")).reply == Reply("else", "lệ phí bao nhiêu")
    assert (await talk.says("đúng")).reply == Reply("else", "đúng")


async def test_without_a_recogniser_it_is_said_honestly_and_the_recording_kept(talk: Talk) -> None:
    talk.ears.says = None
    file_id = await talk.upload()
    unheard = (await talk.says("Tệp", f"file:{file_id}")).reply
    assert unheard.act == "channel_voice_unheard"
    assert unheard.text == PHRASES.variant("channel_voice_unheard", "text")
    with talk.web.store() as unit:
        assert unit.attachments.read(file_id) == OGG
    # Sent again it is not listened to again.
    assert await talk.upload() == file_id
    assert len(talk.ears.heard) == 1


async def test_a_made_up_confirmation_says_nothing_of_anybodys(talk: Talk) -> None:
    other = Talk.__new__(Talk)
    file_id = await talk.upload()
    other.__dict__.update(talk.__dict__)
    other.path, other.auth = await talk.web.open()
    assert (await other.says("Đúng", f"{VOICE_YES}{file_id}")).reply.text == "Đúng"
    assert (await talk.says("Đúng", f"{VOICE_YES}khongco")).reply.text == "Đúng"


async def test_while_a_complaint_is_told_it_is_kept_with_it_too(talk: Talk) -> None:
    talk.state = replace(talk.state, draft=Draft(InputType.PHAN_ANH_HANH_VI, NOW, NOW))
    file_id = await talk.upload()
    asked = await talk.says("Tệp", f"file:{file_id}")
    assert asked.reply.act == "channel_voice_heard"
    assert asked.state.draft is not None
    assert asked.state.draft.attachments == (file_id,)
    assert asked.reply.buttons[-1].id == f"drop:{file_id}"
    assert (await talk.says("Đúng", f"{VOICE_YES}{file_id}")).reply.text == HEARD


async def test_beside_a_filed_case_it_can_be_said_to_be_evidence(talk: Talk) -> None:
    file_id = await talk.upload()
    recordings = RecordingTalk(PHRASES, talk.web.store)
    passed: list[str | None] = []

    def decide(signal: Signal, state: ConversationState) -> Decision:
        passed.append(signal.button)
        return Decision(Reply("else", ""), state)

    state = ConversationState(case_id="c1")
    signal = Signal("", "press_button", 1.0, talk.web.clock.now(), f"file:{file_id}", None, "", talk.conversation)
    asked = recordings.around(decide)(signal, state).reply
    assert asked.buttons[-1].id == f"{EVIDENCE}{file_id}"
    recordings.around(decide)(replace(signal, button=asked.buttons[-1].id), state)
    assert passed == [f"file:{file_id}"]


async def test_who_attends_reads_what_was_heard(talk: Talk) -> None:
    file_id = await talk.upload()
    with talk.web.store() as unit:
        now = talk.web.clock.now()
        attended = replace(unit.handovers.hold(talk.conversation), owner=Owner.OPERATOR, by="lan")
        unit.handovers.save(talk.conversation, attended, now)
        unit.commit()
    body = {"client_message_id": "m1", "text": "Tệp: ghi-am.webm", "button": f"file:{file_id}"}
    assert (await talk.web.send(talk.path, talk.auth, body)).status_code == 202
    shown = talk.web.events(talk.path)[-1].body["text"]
    assert shown.startswith("Tệp: ghi-am.webm\n«cho tôi hỏi lập hội")


async def test_where_too_many_wait_nobody_waits_for_ever(talk: Talk) -> None:
    talk.ears.gate = threading.Event()
    waiting = [asyncio.create_task(talk.upload(OGG + bytes([n]))) for n in range(MOST_WAITING)]
    async with asyncio.timeout(30):
        while talk.listener.waiting < MOST_WAITING:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.01)
    late = await talk.upload(OGG + b"late")
    assert (await talk.says("Tệp", f"file:{late}")).reply.act == "channel_voice_unheard"
    talk.ears.gate.set()
    await asyncio.gather(*waiting)
    assert len(talk.ears.heard) == MOST_WAITING
