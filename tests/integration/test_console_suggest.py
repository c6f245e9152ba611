"""The console's routes for typing, drafts, verdicts and quick replies, over a small index and a real store."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.conversation import ConversationState, Matter
from bot.core.procedures import Facet
from bot.core.replies import Reply
from bot.store import Store
from channels.console.latest import Latest, Superseded
from tests.databases import sqlite_store
from tests.integration.suggest_rig import Rig, SmallKnowledge, open_rig

PREFIX = "/api/console"
ITEM_KEYS = {
    "procedure_id", "title", "level", "code", "facet", "facet_label", "script", "why", "confidence", "light",
    "decision", "basis", "due_if_today", "checklist", "sources", "facets",
}  # fmt: skip


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> SmallKnowledge:
    return SmallKnowledge(tmp_path_factory.mktemp("suggest"))


@pytest.fixture(scope="module")
def shared(knowledge: SmallKnowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One store for what changes nothing that another test reads."""
    folder = tmp_path_factory.mktemp("store")
    store = sqlite_store(folder)
    yield open_rig(store, knowledge)
    store.close()


@pytest.fixture
def rig(store: Store, knowledge: SmallKnowledge) -> Rig:
    """A store of its own, on each kind of database."""
    return open_rig(store, knowledge)


class TestSuggest:
    """GET /suggest."""

    async def test_an_item_says_everything_that_the_page_shows(self, shared: Rig) -> None:
        async with shared.client() as client:
            answer = await client.get(f"{PREFIX}/suggest", params={"q": "lap quy tu thi giay to gi"})
        told = answer.json()
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert told["query"] == "lap quy tu thi giay to gi"
        item = told["items"][0]
        assert set(item) == ITEM_KEYS
        assert (item["procedure_id"], item["facet"], item["facet_label"]) == ("X30", "documents", "Giấy tờ")
        assert 1 <= len(item["script"]) <= 3
        assert item["light"] == {"colour": "green", "text": "Còn hiệu lực, đã đối chiếu"}
        assert [c["text"] for c in item["checklist"]] == ["Đơn đề nghị", "Bản sao điều lệ"]
        assert item["checklist"][1]["note"] == "2 bản sao"
        assert item["due_if_today"]["date"] > "2026-01-01"
        assert {"facet": "fee", "label": "Lệ phí"} in item["facets"]
        assert item["why"]["words"]

    async def test_the_chosen_side_outranks_the_one_asked_for(self, shared: Rig) -> None:
        async with shared.client() as client:
            answer = await client.get(
                f"{PREFIX}/suggest", params={"q": "lap quy giay to", "facet": "fee", "limit": 1}
            )
        items = answer.json()["items"]
        assert [item["facet"] for item in items] == ["fee"]
        assert "không thu lệ phí" in items[0]["script"][0]

    async def test_another_bodys_matter_says_where_to_go(self, shared: Rig) -> None:
        async with shared.client() as client:
            told = (await client.get(f"{PREFIX}/suggest", params={"q": "làm hộ chiếu ở đâu "})).json()
        assert "công an" in told["elsewhere"]["agency"]
        assert all(item["confidence"] == "chưa chắc" for item in told["items"])

    @pytest.mark.parametrize(
        "params",
        [{}, {"q": "x" * 401}, {"q": "a", "limit": 0}, {"q": "a", "limit": 99}, {"q": "a", "facet": "x"},
         {"q": "a", "client": "a b"}, {"q": "a", "client": "x" * 41}],
    )  # fmt: skip
    async def test_what_is_out_of_bounds_is_refused(self, shared: Rig, params: dict[str, object]) -> None:
        async with shared.client() as client:
            assert (await client.get(f"{PREFIX}/suggest", params=params)).status_code == 422  # type: ignore[arg-type]

    async def test_nobody_gets_anything_without_signing_in(self, shared: Rig) -> None:
        async with shared.client(None) as client:
            for path in (
                "/suggest?q=a",
                "/procedures/X30",
                "/conversations/c/suggestions",
                "/quick-replies",
                "/review",
            ):
                assert (await client.get(PREFIX + path)).status_code == 401, path

    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=400))
    def test_no_words_break_it(self, shared: Rig, text: str) -> None:
        async def ask() -> int:
            async with shared.client() as client:
                return (await client.get(f"{PREFIX}/suggest", params={"q": text})).status_code

        # A surrogate alone cannot be written into an address.
        if not any("\ud800" <= c <= "\udfff" for c in text):
            assert asyncio.run(ask()) == 200

    async def test_the_older_of_two_that_wait_is_passed_over(self) -> None:
        latest, gate, ran = Latest("test"), threading.Event(), []
        try:
            first = asyncio.ensure_future(latest.run("p", gate.wait, 5))
            await asyncio.sleep(0.05)
            old = asyncio.ensure_future(latest.run("p", ran.append, "old"))
            other = asyncio.ensure_future(latest.run("q", ran.append, "other"))
            unnamed = asyncio.ensure_future(latest.run(None, ran.append, "unnamed"))
            new = asyncio.ensure_future(latest.run("p", ran.append, "new"))
            await asyncio.sleep(0.05)
            gate.set()
            await asyncio.gather(first, other, unnamed, new)
            with pytest.raises(Superseded):
                await old
            assert ran == ["other", "unnamed", "new"]
            assert latest._latest == {}
        finally:
            latest.close()

    async def test_a_cancelled_request_does_no_harm(self) -> None:
        latest, gate = Latest("test"), threading.Event()
        try:
            first = asyncio.ensure_future(latest.run("p", gate.wait, 5))
            await asyncio.sleep(0.05)
            first.cancel()
            gate.set()
            assert await latest.run("p", lambda: 7) == 7
            assert latest._latest == {}
        finally:
            latest.close()

    async def test_a_failing_piece_of_work_fails_alone(self) -> None:
        latest = Latest("test")
        try:
            with pytest.raises(ZeroDivisionError):
                await latest.run("p", lambda: 1 // 0)
            assert await latest.run("p", lambda: 7) == 7
        finally:
            latest.close()


class TestProcedure:
    """GET /procedures/{id}."""

    async def test_every_side_that_has_an_answer_is_told(self, shared: Rig) -> None:
        async with shared.client() as client:
            told = (await client.get(f"{PREFIX}/procedures/X30")).json()
        assert told["print"] is True
        assert [f["facet"] for f in told["facets"]] == ["general", "documents", "time", "where", "fee"]
        documents = told["facets"][1]
        assert documents["items"] == ["Đơn đề nghị", "Bản sao điều lệ (2 bản sao)"]

    @pytest.mark.parametrize("id", ["X99", "x" * 65, "..", "a%20b"])
    async def test_an_unknown_one_is_not_found(self, shared: Rig, id: str) -> None:
        async with shared.client() as client:
            assert (await client.get(f"{PREFIX}/procedures/{id}")).status_code in (404, 422)

    async def test_a_hidden_one_is_not_found(self, shared: Rig, knowledge: SmallKnowledge) -> None:
        knowledge.withdrawn.add("X30")
        knowledge.base._hidden = None
        try:
            async with shared.client() as client:
                assert (await client.get(f"{PREFIX}/procedures/X30")).status_code == 404
        finally:
            knowledge.withdrawn.clear()
            knowledge.base._hidden = None


class TestDrafts:
    """GET /conversations/{id}/suggestions and what becomes of drafts."""

    async def test_up_to_three_with_sources_and_the_same_ones_again(self, rig: Rig) -> None:
        sequence = rig.conversation("c1", "Chào em", "lập quỹ từ thiện cần giấy tờ gì em")[-1]
        async with rig.client() as client:
            first = (await client.get(f"{PREFIX}/conversations/c1/suggestions", params={"sequence": sequence})).json()
            again = (await client.get(f"{PREFIX}/conversations/c1/suggestions")).json()
        assert first == again
        assert 1 <= len(first["items"]) <= 3
        draft = first["items"][0]
        assert (draft["id"], draft["procedure_id"], draft["facet"]) == ("1", "X30", "documents")
        assert "- Bản sao điều lệ (2 bản sao)" in draft["text"].splitlines()
        assert draft["sources"]
        assert draft["text"].splitlines()[-1] == draft["sources"][0]["label"]

    async def test_the_conversations_context_is_read(self, rig: Rig) -> None:
        state = ConversationState(
            procedure="X30", facet=Facet.DOCUMENTS, matters=(Matter("X30", Facet.DOCUMENTS),), address="bác"
        )
        rig.conversation("c2", "thế lệ phí bao nhiêu", state=state)
        async with rig.client() as client:
            found = (await client.get(f"{PREFIX}/conversations/c2/suggestions")).json()
        draft = found["items"][0]
        assert (draft["procedure_id"], draft["facet"]) == ("X30", "fee")
        assert draft["why"]["how"] == "thủ tục đang nói tới"

    async def test_no_draft_is_made_of_thanks(self, rig: Rig) -> None:
        rig.conversation("c3", "cảm ơn em nhiều nhé")
        async with rig.client() as client:
            assert (await client.get(f"{PREFIX}/conversations/c3/suggestions")).json() == {"id": None, "items": []}

    async def test_another_bodys_matter_is_drafted_as_a_referral(self, rig: Rig) -> None:
        rig.conversation("c4", "làm hộ chiếu ở đâu vậy em")
        async with rig.client() as client:
            found = (await client.get(f"{PREFIX}/conversations/c4/suggestions")).json()["items"]
        assert len(found) == 1
        assert found[0]["procedure_id"] is None
        assert "công an" in found[0]["text"]

    async def test_personal_numbers_reach_no_draft(self, rig: Rig) -> None:
        rig.conversation("c5", "số tôi 0912345678, lập quỹ từ thiện cần giấy tờ gì")
        async with rig.client() as client:
            answer = await client.get(f"{PREFIX}/conversations/c5/suggestions")
        assert "912345678" not in answer.text

    async def test_what_was_hidden_since_is_left_out(self, rig: Rig, knowledge: SmallKnowledge) -> None:
        rig.conversation("c6", "lập quỹ từ thiện cần giấy tờ gì")
        async with rig.client() as client:
            before = (await client.get(f"{PREFIX}/conversations/c6/suggestions")).json()["items"]
            knowledge.withdrawn.add("X30")
            knowledge.base._hidden = None
            try:
                after = (await client.get(f"{PREFIX}/conversations/c6/suggestions")).json()["items"]
            finally:
                knowledge.withdrawn.clear()
                knowledge.base._hidden = None
        assert "X30" in {d["procedure_id"] for d in before}
        assert "X30" not in {d["procedure_id"] for d in after}

    async def test_there_are_none_for_what_is_no_message_of_the_citizen(self, rig: Rig) -> None:
        rig.conversation("c7", "lập quỹ")
        answer = rig.answered("c7", Reply("x", "Dạ"))
        async with rig.client() as client:
            for query in (f"?sequence={answer}", "?sequence=99"):
                assert (await client.get(f"{PREFIX}/conversations/c7/suggestions{query}")).status_code == 404
            assert (await client.get(f"{PREFIX}/conversations/unknown/suggestions")).status_code == 404
            assert (await client.get(f"{PREFIX}/conversations/c7/suggestions?sequence=0")).status_code == 422

    async def test_what_becomes_of_a_draft_is_noted_once(self, rig: Rig) -> None:
        rig.conversation("c8", "lập quỹ từ thiện cần giấy tờ gì")
        async with rig.client() as client:
            id = (await client.get(f"{PREFIX}/conversations/c8/suggestions")).json()["id"]
            for done in (True, False):
                answer = await client.post(f"{PREFIX}/suggestions/{id}/1", json={"action": "inserted"})
                assert answer.json() == {"done": done}
            for path, body, status in (
                (f"{id}/9", {"action": "sent"}, 404),
                ("unknown/1", {"action": "sent"}, 404),
                (f"{id}/1", {"action": "liked"}, 422),
                (f"{id}/1", {"action": "sent", "more": 1}, 422),
                (f"{id}/x", {"action": "sent"}, 422),
            ):
                assert (await client.post(f"{PREFIX}/suggestions/{path}", json=body)).status_code == status, path
            assert (await client.post(f"{PREFIX}/suggestions/{id}/1", content="action=sent")).status_code == 415
