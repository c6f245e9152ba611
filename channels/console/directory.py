"""Words for what the API says in codes, who may be given work, which case has a number: for the console's pages."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from bot.core.cases.number import numbers_in
from bot.core.cases.people import Principal, Role
from channels.console.matrix import PREFIX
from channels.desk.bodies import no_store
from channels.web.problems import Problem, documented

# Those who are told who works here: a unit, or whoever controls, need not know.
_OUTSIDE = frozenset({Role.UNIT, Role.AUDITOR})
_WORKING = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})


class UnitOut(BaseModel):
    """A unit of today. `ours`: complaints about it are handled here."""

    id: str
    name: str
    ours: bool


class PersonOut(BaseModel):
    """Somebody who may be given work."""

    id: str
    name: str
    role: str


class DirectoryOut(BaseModel):
    """Names of units, behaviours and kinds of input, and people."""

    units: list[UnitOut]
    behaviours: dict[str, str]
    kinds: dict[str, str]
    people: list[PersonOut]


class CaseIdOut(BaseModel):
    """The id under which `/api/desk/cases` knows a case."""

    id: str


@dataclass(frozen=True)
class Directory:
    """What the routes answer from. `people` gives the active principals; `case_id` finds a case that one may know of.

    Both block. `units` are (id, name, ours).
    """

    units: Sequence[tuple[str, str, bool]]
    behaviours: Mapping[str, str]
    kinds: Mapping[str, str]
    people: Callable[[], list[Principal]]
    case_id: Callable[[Principal, str], str | None]


def directory_router(directory: Directory, signed_in: Callable[..., Awaitable[Principal]]) -> APIRouter:
    """Return the endpoints."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["console"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 429, 500, 503),
    )
    units = [UnitOut(id=unit, name=name, ours=ours) for unit, name, ours in directory.units]

    @router.get("/directory", summary="Names of units, behaviours, kinds and people")
    async def names(caller: Caller) -> DirectoryOut:
        """Return the words; people only to those who work with them."""
        inside = caller.role not in _OUTSIDE
        people = await asyncio.to_thread(directory.people) if inside else []
        return DirectoryOut(
            units=units,
            behaviours=dict(directory.behaviours),
            kinds=dict(directory.kinds),
            people=[PersonOut(id=p.id, name=p.name, role=p.role.value) for p in people if p.role in _WORKING],
        )

    @router.get("/cases/{number}", summary="Find a case by its number", responses=documented(404))
    async def case(caller: Caller, number: Annotated[str, Path(max_length=40)]) -> CaseIdOut:
        """Return the id of a case that the caller may know of; 404 for any other, whether or not it is there."""
        found = numbers_in(number, bare=True)
        case_id = await asyncio.to_thread(directory.case_id, caller, found[0]) if found else None
        if case_id is None:
            raise Problem(404, code="case-unknown", detail="Không có phiếu này, hoặc tài khoản không được xem.")
        return CaseIdOut(id=case_id)

    return router
