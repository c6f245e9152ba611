"""Suggestions, verdicts and quick replies of a fake console."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI

from bot.core.cases.people import Principal
from tests.browser.console_people import PREFIX, Body
from tests.browser.console_sample import drafts
from tests.browser.console_talks import FakeConsole


class Action(Body):
    action: Literal["displayed", "inserted", "edited", "sent", "ignored"]


class Verdict(Body):
    subject: dict[str, Any]
    question: str
    verdict: Literal["dung", "sai", "loi_thoi", "thieu"]
    note: str


class Quick(Body):
    title: str
    text: str
    shortcut: str
    scope: Literal["personal", "shared"]


def install_suggestions(app: FastAPI, fake: FakeConsole) -> None:
    """Add suggestions, verdicts and quick replies."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(fake.people.signed_in)]

    @router.get("/conversations/{talk_id}/suggestions")
    async def suggestions(talk_id: str, sequence: int, _caller: Caller) -> dict[str, Any]:
        await fake.wait("suggestions")
        asked = next(event for event in fake.talk(talk_id).events if event["sequence"] == sequence)
        return drafts(talk_id, sequence, asked["text"])

    @router.post("/suggestions/{set_id}/{item}")
    async def acted(set_id: str, item: str, body: Action, _caller: Caller) -> dict[str, bool]:
        fake.actions.append((f"{set_id}/{item}", body.action))
        return {"done": True}

    @router.post("/verdicts")
    async def verdict(body: Verdict, _caller: Caller) -> dict[str, bool]:
        fake.verdicts.append(body.model_dump())
        return {"done": True}

    @router.get("/quick-replies")
    async def quick(caller: Caller, conversation: str | None = None) -> dict[str, Any]:
        await fake.wait("quick")
        known = {
            "ten_nguoi_truc": caller.name,
            "don_vi": "Sở Nội vụ Hà Nội",
            "ngay": "27/11/2026",
            "xung_ho": "anh/chị",
        }

        def told(reply: dict[str, Any]) -> dict[str, Any]:
            text = reply["text"]
            for name, value in known.items():
                text = text.replace(f"{{{name}}}", value)
            return {**reply, "filled": text} if conversation else reply

        return {"items": [told(reply) for reply in fake.quick], "variables": {"xung_ho": "cách gọi người dân"}}

    @router.post("/quick-replies")
    async def add_quick(body: Quick, _caller: Caller) -> dict[str, Any]:
        fake.quick.append({"id": f"q{len(fake.quick) + 1}", **body.model_dump()})
        return fake.quick[-1]

    @router.put("/quick-replies/{quick_id}")
    async def change_quick(quick_id: str, body: Quick, _caller: Caller) -> dict[str, Any]:
        reply = next(each for each in fake.quick if each["id"] == quick_id)
        reply.update(body.model_dump())
        return reply

    @router.delete("/quick-replies/{quick_id}", status_code=204)
    async def drop_quick(quick_id: str, _caller: Caller) -> None:
        fake.quick = [each for each in fake.quick if each["id"] != quick_id]

    app.include_router(router)
