"""Names and numbers that the page looks up, over a real store: as channels.console answers them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI

from bot.core.cases.people import Principal, Role
from bot.core.kinds import InputType, InputTypes
from bot.store import Store
from channels.web.problems import Problem
from tests.browser.console_people import PREFIX, People
from tests.integration.desk_client import REGISTRY, TAXONOMY

WORKING = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})


def install_directory(
    app: FastAPI, people: People, store: Store, by_number: Callable[[Principal, str], str | None]
) -> None:
    """Add GET /directory and /cases/{number}."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(people.signed_in)]
    types = InputTypes.load()

    @router.get("/directory")
    def directory(caller: Caller) -> dict[str, Any]:
        with store() as unit:
            found = [each for each in unit.principals.all() if each.active and each.role in WORKING]
        inside = caller.role not in {Role.UNIT, Role.AUDITOR}
        return {
            "units": [{"id": unit.id, "name": unit.name, "ours": unit.in_remit} for unit in REGISTRY.units],
            "behaviours": {code: TAXONOMY.label(code) for code in TAXONOMY.codes},
            "kinds": {kind.value: types.facts(kind).label for kind in InputType},
            "people": [{"id": p.id, "name": p.name, "role": p.role.value} for p in found if inside],
        }

    @router.get("/cases/{number}")
    def case(caller: Caller, number: str) -> dict[str, str]:
        found = by_number(caller, number)
        if found is None:
            raise Problem(404, code="case-unknown", detail="Không có phiếu này, hoặc tài khoản không được xem.")
        return {"id": found}

    app.include_router(router)
