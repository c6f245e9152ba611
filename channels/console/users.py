"""Accounts of others, for administrators: /api/console/users."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from bot.core.cases.people import Principal
from bot.core.staff.administration import Administration, Listed
from channels.console.bodies import (
    DoneOut,
    IdentityIn,
    ListedOut,
    MappedOut,
    OneTimeOut,
    ReasonIn,
    ResetIn,
    RoleIn,
    UserIn,
)
from channels.console.login import Slowly
from channels.console.matrix import PREFIX
from channels.desk.bodies import no_store, require_json
from channels.web.problems import documented

UserId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._@-]{1,64}$", description="The account's id, such as lan.nt.")]


def users_router(
    administration: Administration,
    signed_in: Callable[..., Awaitable[Principal]],
    slowly: Slowly | None = None,
) -> APIRouter:
    """Return the endpoints; the matrix lets administrators alone through."""
    run = slowly or Slowly()
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=f"{PREFIX}/users",
        tags=["console"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 429, 500, 503),
    )
    json_only = [Depends(require_json)]

    @router.get("", summary="List everybody who may act")
    async def users(caller: Caller) -> list[ListedOut]:
        """Return principals with their accounts, by id."""
        return [_listed(each) for each in await asyncio.to_thread(administration.people, caller)]

    @router.post("", summary="Make an account", dependencies=json_only)
    async def add(caller: Caller, body: UserIn) -> OneTimeOut:
        """Return the one-time password of a new account, or of one for a principal who had tokens alone."""
        principal = Principal(body.id, body.name.strip(), body.role, body.unit or None)
        return OneTimeOut(one_time_password=await run(administration.add, caller, principal))

    @router.post("/{user_id}/reset", summary="Give a new one-time password", responses=documented(404))
    async def reset(caller: Caller, user_id: UserId, body: ResetIn | None = None) -> OneTimeOut:
        """End the account's sessions, forget failures and return a new one-time password."""
        totp = body.totp if body else False
        return OneTimeOut(one_time_password=await run(administration.reset, caller, user_id, totp=totp))

    @router.post("/{user_id}/lock", summary="Close an account", responses=documented(404))
    async def lock(caller: Caller, user_id: UserId, body: ReasonIn | None = None) -> DoneOut:
        """Refuse the account's sessions and tokens from now on."""
        await asyncio.to_thread(administration.lock, caller, user_id, body.reason if body else "")
        return DoneOut()

    @router.post("/{user_id}/unlock", summary="Open an account again", responses=documented(404))
    async def unlock(caller: Caller, user_id: UserId, body: ReasonIn | None = None) -> DoneOut:
        """Let the account in again, and forget wrong tries; tokens stay gone."""
        await asyncio.to_thread(administration.unlock, caller, user_id, body.reason if body else "")
        return DoneOut()

    @router.post("/{user_id}/role", summary="Give another role", dependencies=json_only, responses=documented(404))
    async def role(caller: Caller, user_id: UserId, body: RoleIn) -> DoneOut:
        """Change role and unit; the account's sessions end."""
        await asyncio.to_thread(administration.change_role, caller, user_id, body.role, body.unit)
        return DoneOut()

    @router.post("/{user_id}/sso", summary="Let single sign-on open it", dependencies=json_only)
    async def map_identity(caller: Caller, user_id: UserId, body: IdentityIn) -> DoneOut:
        """Map an e-mail or subject of the identity provider to the account."""
        await asyncio.to_thread(administration.map_identity, caller, user_id, body.kind, body.value)
        return DoneOut()

    @router.delete("/{user_id}/sso", summary="Take such an identity away", dependencies=json_only)
    async def unmap_identity(caller: Caller, user_id: UserId, body: IdentityIn) -> DoneOut:
        """Remove the mapping; the account's sessions end."""
        await asyncio.to_thread(administration.unmap_identity, caller, user_id, body.kind, body.value)
        return DoneOut()

    return router


def _listed(each: Listed) -> ListedOut:
    who, account = each.principal, each.account
    return ListedOut(
        id=who.id,
        name=who.name,
        role=who.role.value,
        unit=who.unit,
        active=who.active,
        account=account is not None,
        totp=account is not None and account.credentials.totp is not None,
        must_change_password=account is not None and account.credentials.must_change,
        last_login_at=account.last_login_at if account else None,
        locked_until=each.locked_until,
        sso=[MappedOut(kind=mapped.kind, value=mapped.value) for mapped in each.mapped],
    )
