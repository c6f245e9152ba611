"""The local backend over HTTP; its OpenAPI document is the contract for integrators."""

import json
from hashlib import sha256
from typing import Annotated, Any

from fastapi import FastAPI, Header, Path, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader

from actions.backends.contract import (
    KEY_FORM,
    MUST_REFUSE_BYTES,
    REFERENCE_FORM,
    VERSION,
    AttachmentOut,
    CaseIn,
    EventIn,
    ReceiptOut,
    StateOut,
)
from actions.backends.guard import SignedRequests
from actions.backends.ledger import KeyTaken, UnknownReference
from actions.backends.local import LocalBackend
from actions.backends.problems import Problem, documented, install
from bot.core.backend.signing import KEY_ID, NONCE, SIGNATURE, TIMESTAMP, Verifier
from bot.core.errors import BackendRefused
from bot.core.ports import Clock

MAX_ATTACHMENT_BYTES = 64 * 1024 * 1024
_KEY, _DIGEST = "Idempotency-Key", "X-Content-SHA256"
_FIELDS = frozenset({*CaseIn.model_fields, *EventIn.model_fields, _KEY, _DIGEST, "reference", "key", "attachment_id"})
# For the document alone: SignedRequests has judged the headers before a route runs.
_SIGNED = [
    Security(APIKeyHeader(name=name, scheme_name=name, description=what, auto_error=False))
    for name, what in (
        (KEY_ID, "Name of the shared secret."),
        (TIMESTAMP, "Unix seconds; at most 300 s from the receiver's clock."),
        (NONCE, "16 to 64 URL-safe characters, never used twice."),
        (SIGNATURE, "HMAC-SHA256 in hexadecimal; see docs/backend.md."),
    )
]

KeyHeader = Annotated[str, Header(alias=_KEY, pattern=KEY_FORM)]
ReferencePath = Annotated[str, Path(pattern=REFERENCE_FORM)]
KeyPath = Annotated[str, Path(pattern=KEY_FORM)]


def backend_app(backend: LocalBackend, verifier: Verifier, clock: Clock) -> FastAPI:
    """Return the application that serves `backend` to whoever signs with a key that `verifier` knows."""
    app = FastAPI(
        title="Complaint backend",
        version=VERSION,
        description="Takes cases and their events, once each, and tells where they stand.",
        docs_url=None,
        redoc_url=None,
        dependencies=_SIGNED,
    )
    install(app, _FIELDS)

    @app.post(
        "/v1/cases",
        status_code=201,
        response_model=ReceiptOut,
        responses={200: _again(), **documented(401, 409, 413, 422, 503)},
    )
    async def file_case(request: Request, key: KeyHeader, _: CaseIn) -> JSONResponse:
        """Accept a case. Same key and body again: 200 and the first receipt; same key and another body: 409."""
        with _Refusals():
            receipt, new = await backend.accept_case(await _object(request), key)
        return _receipt(ReceiptOut.of(receipt), new)

    @app.get("/v1/receipts/{key}", responses=documented(401, 404, 503))
    async def find_receipt(key: KeyPath) -> ReceiptOut:
        """Return the receipt of what was accepted under a key, of a case or an event; 404 when nothing was."""
        receipt = await backend.find(key)
        if receipt is None:
            raise Problem(404, "receipt-unknown")
        return ReceiptOut.of(receipt)

    @app.post(
        "/v1/cases/{reference}/events",
        status_code=201,
        response_model=ReceiptOut,
        responses={200: _again(), **documented(401, 404, 409, 413, 422, 503)},
    )
    async def add_event(request: Request, reference: ReferencePath, key: KeyHeader, _: EventIn) -> JSONResponse:
        """Accept something that happened to a case since; idempotent as filing is."""
        with _Refusals():
            receipt, new = await backend.accept_event(reference, await _object(request), key)
        return _receipt(ReceiptOut.of(receipt), new)

    @app.get("/v1/cases/{reference}", responses=documented(401, 404, 503))
    async def read_state(reference: ReferencePath) -> StateOut:
        """Tell where a case stands."""
        with _Refusals():
            return await backend.stored_state(reference)

    @app.put(
        "/v1/cases/{reference}/attachments/{attachment_id}",
        status_code=201,
        response_model=AttachmentOut,
        responses={200: {"model": AttachmentOut}, **documented(401, 404, 409, 413, 422, 503)},
        openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {}}}}},
    )
    async def put_attachment(
        request: Request,
        reference: ReferencePath,
        attachment_id: KeyPath,
        digest: Annotated[str, Header(alias=_DIGEST, pattern="^[0-9a-f]{64}$")],
        media_type: Annotated[str, Header(alias="Content-Type", max_length=100)] = "application/octet-stream",
    ) -> JSONResponse:
        """Keep a file of a case; the same bytes again: 200, other bytes: 409, bytes unlike their digest: 422."""
        content = await request.body()
        if sha256(content).hexdigest() != digest:
            raise Problem(422, "digest-wrong")
        with _Refusals():
            new = await backend.accept_attachment(reference, attachment_id, media_type, content)
        stored = AttachmentOut(reference=reference, id=attachment_id, sha256=digest, size=len(content))
        return _answer(stored.model_dump(mode="json"), new)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    app.add_middleware(SignedRequests, verifier=verifier, clock=clock, limit=_limit)
    return app


def _limit(path: str) -> int:
    return MAX_ATTACHMENT_BYTES if "/attachments/" in path else MUST_REFUSE_BYTES


class _Refusals:
    """Turns refusals of the backend into answers."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UnknownReference):
            raise Problem(404, "reference-unknown") from None
        if isinstance(error, KeyTaken):
            raise Problem(409) from None
        if isinstance(error, BackendRefused):
            raise Problem(422) from None


async def _object(request: Request) -> dict[str, Any]:
    """Return the JSON object as it was sent; the route's model has proved that it is one."""
    value: dict[str, Any] = json.loads(await request.body())
    return value


def _receipt(receipt: ReceiptOut, new: bool) -> JSONResponse:
    return _answer(receipt.model_dump(mode="json"), new)


def _answer(content: dict[str, Any], new: bool) -> JSONResponse:
    return JSONResponse(content, 201 if new else 200)


def _again() -> dict[str, Any]:
    return {"model": ReceiptOut, "description": "Accepted before under this key; the first receipt."}
