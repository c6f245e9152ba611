"""The endpoints of filing a case for somebody, under /api/console/filing."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Query

from bot.core.cases.people import Principal
from bot.core.cases.record import AccessClass
from bot.core.filing.checks import record_of
from bot.core.filing.choices import TYPES
from bot.core.filing.consent import ContactConsent
from bot.core.filing.desk import Checked, FilingDesk
from bot.core.filing.form import Form, Source
from bot.core.filing.ports import Confirmed
from bot.core.phrases import Phrases
from bot.core.story import DeskKind, Identity, Reach
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry
from channels.console import filing_schemas as schemas
from channels.desk.bodies import no_store, require_json
from channels.web.problems import documented

PREFIX = "/api/console/filing"
P = ParamSpec("P")
T = TypeVar("T")


class Showing:
    """Puts what was read into the answers' shape; immutable."""

    def __init__(self, phrases: Phrases, registry: UnitRegistry, taxonomy: Taxonomy) -> None:
        self._phrases = phrases
        self._registry = registry
        self._taxonomy = taxonomy

    def checked(self, checked: Checked) -> schemas.CheckedOut:
        """Return a looked-over draft."""
        reading = checked.reading
        draft, shares = reading.draft, dict(reading.judgement.shares)
        by_hand = "behaviours" in reading.form.by_hand
        return schemas.CheckedOut(
            draft=draft_out(reading.form),
            missing=[schemas.MissingOut.model_validate(each) for each in checked.missing],
            warnings=[schemas.WarningOut(**vars(warn)) for warn in checked.warnings],
            type=self._label("kind", draft.input_type.value),
            others=[self._label("kind", other.value) for other in draft.others],
            behaviours=[
                schemas.BehaviourOut(
                    code=code, label=self._taxonomy.label(code), probability=None if by_hand else shares.get(code)
                )
                for code in draft.behaviours
            ],
            severity=draft.severity,
            restricted=record_of(reading).access is AccessClass.RESTRICTED,
            unit=self._unit(draft.unit),
            unit_options=[unit for each in draft.unit_options if (unit := self._unit(each))],
            twins=[schemas.TwinOut(**vars(twin)) for twin in checked.twins],
        )

    def choices(self) -> schemas.ChoicesOut:
        """Return what may be set by hand."""
        return schemas.ChoicesOut(
            types=[self._label("kind", each.value) for each in TYPES],
            behaviours=[schemas.LabelOut(code=c, label=self._taxonomy.label(c)) for c in self._taxonomy.codes],
            desks=[self._label("desk", each.value) for each in DeskKind if each is not DeskKind.UNKNOWN],
            identities=[self._label("identity", each.value) for each in Identity],
            ways=[self._label("way", each.value) for each in Reach if each is not Reach.CHAT],
            sources=[self._label("source", each.value) for each in Source],
        )

    def _label(self, kind: str, code: str) -> schemas.LabelOut:
        return schemas.LabelOut(code=code, label=self._phrases.word(f"{kind}_{code}"))

    def _unit(self, unit_id: str | None) -> schemas.UnitOut | None:
        unit = self._registry.unit(unit_id) if unit_id else None
        return schemas.UnitOut(id=unit.id, name=unit.name) if unit else None


def draft_out(form: Form) -> schemas.DraftOut:
    """Return a form as the page has it."""
    facts = vars(form.facts)
    contact = schemas.ContactOut(
        name=facts["name"], phone=facts["phone"], email=facts["email"], caller=facts["caller_number"]
    )
    values = {name: value for name, value in facts.items() if name in schemas.DraftOut.model_fields}
    return schemas.DraftOut(
        **{**values, "behaviours": list(facts["behaviours"]), "evidence": list(facts["evidence"])},
        text=form.text,
        source=form.source,
        call_id=form.call_id,
        received_on=form.received_on,
        heard_at=form.heard_at,
        by_hand=sorted(schemas.NAME_OF_FIELD.get(name, name) for name in form.by_hand),
        contact=contact,
    )


def confirmed_out(confirmed: Confirmed) -> schemas.ConfirmedOut:
    """Return what was filed; secrets are there the first time alone, and shortly after."""
    secrets: list[str | None] = [*confirmed.secrets, *([None] * len(confirmed.numbers))]
    main, *others = zip(confirmed.numbers, secrets, strict=False)
    return schemas.ConfirmedOut(
        number=main[0],
        secret=main[1],
        due_on=confirmed.due_on,
        linked=[schemas.LinkedOut(number=number, secret=secret) for number, secret in others],
        added=confirmed.added,
        restricted=confirmed.restricted,
    )


def filing_router(desk: FilingDesk, showing: Showing, signed_in: Any, executor: Executor | None = None) -> APIRouter:
    """Return the endpoints. `signed_in` is the dependency that gives the caller."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["filing"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )
    changing: dict[str, Any] = {
        "dependencies": [Depends(require_json)],
        "responses": documented(400, 404, 413, 415),
    }

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: work(*args, **kwargs))

    def look(caller: Principal, form: Form) -> schemas.CheckedOut:
        return showing.checked(desk.check(caller, form))

    @router.post("/read", summary="Read a story", **changing)
    async def read(caller: Caller, body: schemas.ReadIn) -> schemas.CheckedOut:
        """Return a draft of what was told so far. Ask again as it grows, with the draft; nothing is stored."""
        return await run(look, caller, body.form())

    @router.post("/check", summary="Look a draft over", **changing)
    async def check(caller: Caller, body: schemas.CheckIn) -> schemas.CheckedOut:
        """Return the draft read anew, with what is missing and what to know. What was set by hand stays."""
        return await run(look, caller, body.draft.form())

    @router.post("/read-back", summary="Get the sentences to read back", **changing)
    async def read_back(caller: Caller, body: schemas.CheckIn) -> schemas.ScriptOut:
        """Return short spoken sentences: what was understood, who will know what, and the question for consent."""
        return schemas.ScriptOut(script=await run(desk.read_back, caller, body.draft.form()))

    @router.post("/confirm", summary="File a case", **changing)
    async def confirm(caller: Caller, body: schemas.ConfirmIn) -> schemas.ConfirmedOut:
        """File the draft: number and secret, to be told once. Again with the same client id nothing is filed.

        409 `draft-stale` where the story was changed since it was looked over; 409 `client-id-used`."""
        consent = ContactConsent(body.consent.contact, body.consent.said_at)
        return confirmed_out(await run(desk.confirm, caller, body.client_id, body.draft.form(), consent))

    @router.get("/choices", summary="List what may be set by hand")
    async def choices(_caller: Caller) -> schemas.ChoicesOut:
        """Return kinds of input, behaviours, desks, ways of being named, sources."""
        return showing.choices()

    @router.get("/units", summary="Find an office by a part of its name")
    async def units(_caller: Caller, q: Annotated[str, Query(max_length=100)] = "") -> schemas.UnitsOut:
        """Return offices whose name has these words or beginnings of words, with or without accents."""
        found = await run(desk.units_like, q)
        return schemas.UnitsOut(items=[schemas.UnitOut(id=unit.id, name=unit.name) for unit in found])

    return router
