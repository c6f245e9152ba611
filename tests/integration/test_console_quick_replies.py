"""The console's routes for quick replies, over a real store."""

import pytest

from bot.core.cases.people import Role
from bot.core.conversation import ConversationState
from bot.store import Store
from tests.integration.suggest_rig import Rig, SmallKnowledge, open_rig

PREFIX = "/api/console"
QUICK = {"title": "Hẹn trả lời", "text": "Tôi hẹn {xung_ho} trước {ngay} nhé.", "shortcut": "hen"}


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> SmallKnowledge:
    return SmallKnowledge(tmp_path_factory.mktemp("suggest"))


@pytest.fixture
def rig(store: Store, knowledge: SmallKnowledge) -> Rig:
    """A store of its own, on each kind of database."""
    return open_rig(store, knowledge)


class TestQuickReplies:
    """GET, POST, PUT, DELETE /quick-replies."""

    async def test_the_shipped_ones_are_found_without_accents_and_filled(self, rig: Rig) -> None:
        rig.conversation("q1", "x", state=ConversationState(address="bác"))
        async with rig.client() as client:
            answer = await client.get(f"{PREFIX}/quick-replies", params={"q": "xin cho de", "conversation": "q1"})
            unknown = await client.get(f"{PREFIX}/quick-replies", params={"conversation": "unknown"})
        first = answer.json()["items"][0]
        assert first["title"] == "Xin chờ để tra"
        assert "trả lời bác ngay" in first["filled"]
        assert first["variables"] == ["xung_ho"]
        assert set(answer.json()["variables"]) == {"ten_nguoi_truc", "don_vi", "ngay", "so_phieu", "xung_ho"}
        assert unknown.status_code == 404

    async def test_ones_own_are_ones_own(self, rig: Rig) -> None:
        async with rig.client() as client, rig.client("other") as other, rig.client("supervisor") as boss:
            made = (await client.post(f"{PREFIX}/quick-replies", json=QUICK)).json()
            assert made["scope"] == "personal"
            ids = [
                i["id"] for i in (await client.get(f"{PREFIX}/quick-replies", params={"q": "/hen"})).json()["items"]
            ]
            assert ids[0] == made["id"]
            for stranger in (other, boss):
                listed = (await stranger.get(f"{PREFIX}/quick-replies")).json()["items"]
                assert made["id"] not in {i["id"] for i in listed}
                assert (await stranger.put(f"{PREFIX}/quick-replies/{made['id']}", json=QUICK)).status_code == 404
                assert (await stranger.delete(f"{PREFIX}/quick-replies/{made['id']}")).status_code == 404
            changed = await client.put(f"{PREFIX}/quick-replies/{made['id']}", json={**QUICK, "title": "Hẹn"})
            assert changed.json()["title"] == "Hẹn"
            assert (await client.delete(f"{PREFIX}/quick-replies/{made['id']}")).status_code == 204
            assert (await client.delete(f"{PREFIX}/quick-replies/{made['id']}")).status_code == 404
        actions = [(who, action, why) for who, action, _, why in rig.audited()]
        assert actions == [
            ("p-operator", "quick_reply_add", "personal"),
            ("p-operator", "quick_reply_change", "personal"),
            ("p-operator", "quick_reply_delete", "personal"),
        ]

    async def test_what_everybody_uses_is_changed_by_few(self, rig: Rig) -> None:
        for_all = {**QUICK, "scope": "shared"}
        async with rig.client() as client:
            assert (await client.post(f"{PREFIX}/quick-replies", json=for_all)).status_code == 403
            assert (await client.put(f"{PREFIX}/quick-replies/mau-chao", json=QUICK)).status_code == 403
            assert (await client.delete(f"{PREFIX}/quick-replies/mau-chao")).status_code == 403
        for role in (Role.SUPERVISOR, Role.KNOWLEDGE_EDITOR, Role.ADMINISTRATOR):
            async with rig.client(role.value) as editor:
                assert (await editor.put(f"{PREFIX}/quick-replies/mau-chao", json=for_all)).status_code == 200
        async with rig.client() as client:
            found = (await client.get(f"{PREFIX}/quick-replies")).json()["items"]
            assert next(i for i in found if i["id"] == "mau-chao")["title"] == "Hẹn trả lời"
        async with rig.client("supervisor") as boss:
            assert (await boss.delete(f"{PREFIX}/quick-replies/mau-chao")).status_code == 204
            found = (await boss.get(f"{PREFIX}/quick-replies")).json()["items"]
        assert "mau-chao" not in {i["id"] for i in found}

    @pytest.mark.parametrize(
        "body",
        [{}, {**QUICK, "text": ""}, {**QUICK, "text": "chào {ai}"}, {**QUICK, "title": "x" * 121},
         {**QUICK, "shortcut": "có dấu"}, {**QUICK, "owner": "p-other"}, {**QUICK, "scope": "everybody"}],
    )  # fmt: skip
    async def test_what_cannot_be_kept_is_refused(self, rig: Rig, body: dict[str, str]) -> None:
        async with rig.client() as client:
            answer = await client.post(f"{PREFIX}/quick-replies", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"]
        assert rig.audited() == []

    async def test_lines_of_a_text_stay_lines(self, rig: Rig) -> None:
        async with rig.client() as client:
            made = await client.post(f"{PREFIX}/quick-replies", json={**QUICK, "text": "Một\nHai\x00 \u202e{ngay}"})
        assert made.json()["text"] == "Một\nHai {ngay}"
