"""Verdicts and the review queue over HTTP: collected, grouped, decided, learned; on each kind of database."""

from typing import Any

import pytest

from bot.core.cases.people import Role
from bot.core.replies import Reply
from bot.core.suggestions.review import Choice
from tests.contracts.steps import NOW
from tests.integration.suggest_rig import Rig, SmallKnowledge, open_rig

PREFIX = "/api/console"
EDITOR = Role.KNOWLEDGE_EDITOR.value
REFUSAL = Reply("refuse_not_in_catalogue", "Tôi chưa có dữ liệu.")


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> SmallKnowledge:
    return SmallKnowledge(tmp_path_factory.mktemp("review"))


@pytest.fixture
def rig(store: Any, knowledge: SmallKnowledge) -> Rig:
    return open_rig(store, knowledge)


def refused(rig: Rig, *texts: str) -> None:
    """Let citizens ask what is not answered, each in a conversation of their own."""
    for text in texts:
        name = f"c{abs(hash(text))}"
        rig.conversation(name, text)
        rig.answered(name, REFUSAL, "refused")


async def groups(rig: Rig, kind: str = "") -> list[dict[str, Any]]:
    async with rig.client(EDITOR) as client:
        answer = await client.get(f"{PREFIX}/review", params={"kind": kind} if kind else None)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["groups"]
    return found


async def decide(rig: Rig, group: str, status: int = 200, who: str = EDITOR, **body: Any) -> None:
    async with rig.client(who) as client:
        answer = await client.post(f"{PREFIX}/review/{group}", json=body)
    assert answer.status_code == status, answer.text


async def judge(rig: Rig, verdict: str, status: int = 200, **body: Any) -> Any:
    given = {"subject": {"kind": "procedure", "id": "X30"}, "question": "lập quỹ mất bao lâu", **body}
    async with rig.client() as client:
        answer = await client.post(f"{PREFIX}/verdicts", json={"verdict": verdict, **given})
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_refused_questions_are_grouped_by_meaning_most_frequent_first(rig: Rig) -> None:
    refused(
        rig, "mất thẻ thương binh", "thẻ thương binh bị mất", "mat the thuong binh roi", "gia hạn giấy phép lao động"
    )
    found = await groups(rig)
    assert [g["count"] for g in found] == [3, 1]
    assert found[0]["kinds"] == ["refused"]
    assert found[0]["procedure"]["id"] == "X04"
    assert len(found[0]["questions"]) == 3
    assert await groups(rig) == found  # looking again changes nothing


async def test_numbers_of_citizens_are_masked(rig: Rig) -> None:
    refused(rig, "gọi tôi 0912345678 về thẻ thương binh")
    found = await groups(rig)
    assert "912345678" not in str(found)
    assert "[số điện thoại]" in found[0]["title"]


async def test_answered_questions_do_not_come_and_what_comes_later_joins_its_group(rig: Rig) -> None:
    rig.conversation("ok", "lập hội")
    rig.answered("ok", Reply("x", "Dạ"), "answered")
    assert await groups(rig) == []
    refused(rig, "mất thẻ thương binh")
    first = await groups(rig)
    refused(rig, "mất thẻ thương binh ạ")
    later = await groups(rig)
    assert [g["id"] for g in first] == [g["id"] for g in later]
    assert later[0]["count"] == 2


async def test_bad_verdicts_reach_the_queue_and_the_editor(rig: Rig) -> None:
    for verdict in ("dung", "sai", "loi_thoi", "thieu"):
        told = {"note": "mẫu đã đổi", "question": f"lập quỹ mất bao lâu{'?' * len(verdict)}"}
        assert (await judge(rig, verdict, **told))["done"]
    found = await groups(rig)
    assert [(g["count"], g["kinds"]) for g in found] == [(3, ["wrong", "outdated", "missing"])]
    assert found[0]["procedure"]["id"] == "X30"
    assert len(await groups(rig, "outdated")) == 1
    assert await groups(rig, "refused") == []
    async with rig.client(EDITOR) as client:
        notes = (await client.get(f"{PREFIX}/notes", params={"procedure_id": "X30"})).json()["notes"]
        assert [(n["kind"], n["text"]) for n in notes] == [
            (kind, "mẫu đã đổi") for kind in ("wrong", "outdated", "missing")
        ]
        assert all(n["question"].startswith("lập quỹ mất bao lâu") for n in notes)
        for done in (True, False):
            answer = await client.post(f"{PREFIX}/notes/{notes[0]['id']}/done")
            assert answer.json() == {"done": done}
        assert len((await client.get(f"{PREFIX}/notes")).json()["notes"]) == 2
    actions = [action for _, action, _, _ in rig.audited()]
    assert actions == ["verdict_dung", "verdict_sai", "verdict_loi_thoi", "verdict_thieu", "record_note_done"]
    assert "mẫu đã đổi" not in str(rig.audited())


async def test_a_verdict_on_a_draft_or_an_answer_knows_its_procedure(rig: Rig) -> None:
    rig.conversation("v1", "lập quỹ từ thiện cần giấy tờ gì")
    sequence = rig.answered("v1", Reply("answer", "Dạ", data={"procedure": "X30", "facet": "documents"}))
    async with rig.client() as client:
        drafts = (await client.get(f"{PREFIX}/conversations/v1/suggestions")).json()
    await judge(rig, "sai", subject={"kind": "suggestion", "id": drafts["id"], "item": "1"})
    await judge(rig, "thieu", subject={"kind": "answer", "id": "v1", "item": str(sequence)})
    async with rig.client(EDITOR) as client:
        notes = (await client.get(f"{PREFIX}/notes")).json()["notes"]
    assert {(n["procedure_id"], n["facet"]) for n in notes} == {("X30", "documents")}


@pytest.mark.parametrize(
    "subject",
    [
        {"kind": "procedure", "id": "X99"},
        {"kind": "suggestion", "id": "nothing", "item": "1"},
        {"kind": "suggestion", "id": "nothing"},
        {"kind": "answer", "id": "nothing", "item": "1"},
        {"kind": "answer", "id": "v2", "item": "1"},
        {"kind": "answer", "id": "v2"},
    ],
)
async def test_a_verdict_on_nothing_is_refused(rig: Rig, subject: dict[str, str]) -> None:
    rig.conversation("v2", "lập quỹ")
    await judge(rig, "sai", 404, subject=subject)
    assert rig.audited() == []


async def test_a_note_that_follows_and_a_second_thought_take_the_place_of_the_first(rig: Rig) -> None:
    async def notes() -> list[tuple[str, str]]:
        async with rig.client(EDITOR) as client:
            found = (await client.get(f"{PREFIX}/notes")).json()["notes"]
        return [(note["kind"], note["text"]) for note in found]

    assert (await judge(rig, "sai"))["done"]
    assert not (await judge(rig, "sai"))["done"]
    assert (await groups(rig))[0]["kinds"] == ["wrong"]
    assert (await judge(rig, "sai", note="mẫu số 25 đã đổi"))["done"]
    assert await notes() == [("wrong", "mẫu số 25 đã đổi")]
    assert (await judge(rig, "loi_thoi", note="mẫu số 25 đã đổi"))["done"]
    assert await notes() == [("outdated", "mẫu số 25 đã đổi")]
    assert [(g["count"], g["kinds"]) for g in await groups(rig)] == [(1, ["outdated"])]
    assert (await judge(rig, "dung"))["done"]
    assert await notes() == []
    assert await groups(rig) == []
    assert (await judge(rig, "sai", question="câu khác hẳn"))["done"]
    assert len(await notes()) == 1


async def test_a_long_message_is_judged_by_its_beginning(rig: Rig) -> None:
    await judge(rig, "sai", question="lập quỹ " * 2_000)
    async with rig.client(EDITOR) as client:
        note = (await client.get(f"{PREFIX}/notes")).json()["notes"][0]
    assert 0 < len(note["question"]) <= 2_000


async def test_the_same_verdict_sent_twice_counts_once(rig: Rig) -> None:
    assert (await judge(rig, "sai", client_id="abcdefgh-1"))["done"]
    assert not (await judge(rig, "sai", client_id="abcdefgh-1"))["done"]
    assert (await groups(rig))[0]["count"] == 1


@pytest.mark.parametrize(
    "body",
    [{"verdict": "tam"}, {"verdict": "sai", "note": "x" * 2001}, {"verdict": "sai", "by": "x"},
     {"verdict": "sai", "subject": {"kind": "procedure", "id": "a/b"}}],
)  # fmt: skip
async def test_what_is_no_verdict_is_refused(rig: Rig, body: dict[str, Any]) -> None:
    await judge(rig, status=422, **body)


async def test_one_click_makes_an_example_of_a_question(rig: Rig) -> None:
    refused(rig, "ông nội em bị mất thẻ thương binh")
    group = (await groups(rig))[0]
    await decide(rig, group["id"], decision="example", procedure_id="X04")
    assert await groups(rig) == []
    await decide(rig, group["id"], 404, decision="dismiss")
    with rig.store() as unit:
        kept = unit.suggestions.review.decisions()
    assert [(d.choice, d.procedure_id, d.text, d.by) for d in kept] == [
        (Choice.EXAMPLE, "X04", "ông nội em bị mất thẻ thương binh", f"p-{EDITOR}")
    ]
    assert rig.audited() == [(f"p-{EDITOR}", "review_example", group["id"], "X04")]


async def test_an_example_with_somebodys_number_is_not_learned(rig: Rig) -> None:
    refused(rig, "mất thẻ thương binh gọi 0912345678")
    group = (await groups(rig))[0]["id"]
    await decide(rig, group, 422, decision="example", procedure_id="X04")
    await decide(rig, group, 422, decision="alias", procedure_id="X04", text="thẻ của 0912345678")
    await decide(rig, group, decision="example", procedure_id="X04", text="bị mất thẻ thương binh")


async def test_an_alias_and_a_note_need_words_and_a_procedure(rig: Rig) -> None:
    refused(rig, "mất thẻ thương binh", "lập quỹ từ thiện")
    first, second = (g["id"] for g in await groups(rig))
    await decide(rig, first, 422, decision="alias", procedure_id="X04")
    await decide(rig, first, 422, decision="alias", text="thẻ bố em")
    await decide(rig, first, 422, decision="alias", text="thẻ bố em", procedure_id="X99")
    await decide(rig, first, 422, decision="note", procedure_id="X04")
    await decide(rig, first, decision="alias", procedure_id="X04", text="thẻ bố em")
    await decide(rig, second, decision="note", procedure_id="X30", facet="fee", text="bổ sung mức phí")
    async with rig.client(EDITOR) as client:
        notes = (await client.get(f"{PREFIX}/notes")).json()["notes"]
    assert [(n["procedure_id"], n["facet"], n["kind"], n["text"]) for n in notes] == [
        ("X30", "fee", "review", "bổ sung mức phí")
    ]


async def test_what_was_dismissed_stays_dismissed_and_what_was_learned_may_come_again(rig: Rig) -> None:
    refused(rig, "mất thẻ thương binh", "gia hạn giấy phép lao động")
    first, second = await groups(rig)
    await decide(rig, first["id"], decision="dismiss")
    await decide(rig, second["id"], decision="alias", procedure_id="X05", text="gia hạn giấy phép")
    refused(rig, f"{first['title']} ạ", f"{second['title']} ạ")
    assert [g["title"] for g in await groups(rig)] == [f"{second['title']} ạ"]


async def test_what_a_citizen_had_erased_is_gone_from_the_queue(rig: Rig) -> None:
    rig.conversation("gone", "mất thẻ thương binh")
    rig.answered("gone", REFUSAL, "refused")
    assert len(await groups(rig)) == 1
    with rig.store() as unit:
        unit.erase_conversation("gone", NOW)
        unit.commit()
    assert await groups(rig) == []


async def test_erased_before_it_was_looked_at_it_never_comes(rig: Rig) -> None:
    rig.conversation("gone", "mất thẻ thương binh")
    rig.answered("gone", REFUSAL, "refused")
    with rig.store() as unit:
        unit.erase_conversation("gone", NOW)
        unit.commit()
    assert await groups(rig) == []
    assert await groups(rig) == []


async def test_what_is_no_decision_is_refused(rig: Rig) -> None:
    refused(rig, "mất thẻ thương binh")
    group = (await groups(rig))[0]["id"]
    for body in (
        {"decision": "keep"},
        {},
        {"decision": "dismiss", "by": "x"},
        {"decision": "note", "text": "x" * 2001},
    ):
        await decide(rig, group, 422, **body)
    await decide(rig, "unknown", 404, decision="dismiss")
    assert len(await groups(rig)) == 1
