"""The backend's side of the webhook: telling the service at once where a case stands."""

import json
from hashlib import sha256

import httpx

from actions.backends.ledger import StoredState
from bot.core.backend.signing import Signable, SigningKey, signed_headers
from bot.core.errors import BackendUnavailable
from bot.core.ports import Clock

PATH = "/api/backend/events"


async def report_state(
    url: str, stored: StoredState, key: SigningKey, clock: Clock, client: httpx.AsyncClient | None = None
) -> str:
    """Report a state to the service at `url`; return what became of it: new, late or known.

    The same state again has the same event id. Raises BackendUnavailable when the service does not take it.
    """
    seal = sha256(f"{stored.reference}\n{stored.state}\n{stored.updated_at.isoformat()}".encode()).hexdigest()
    body = json.dumps(
        {
            "event_id": seal[:32],
            "key": stored.key,
            "reference": stored.reference,
            "state": stored.state,
            "text": stored.text,
            "updated_at": stored.updated_at.isoformat(),
        }
    ).encode()
    async with client or httpx.AsyncClient(timeout=10, trust_env=False) as http:
        request = http.build_request("POST", url.rstrip("/") + PATH, content=body)
        target = request.url.raw_path.decode("ascii")
        request.headers.update(signed_headers(key, Signable("POST", target, body), clock.now()))
        request.headers["Content-Type"] = "application/json"
        try:
            answer = await http.send(request)
        except httpx.HTTPError as error:
            raise BackendUnavailable(f"dịch vụ không trả lời ({type(error).__name__})") from error
    if answer.status_code != httpx.codes.OK:
        raise BackendUnavailable(f"dịch vụ không nhận báo trạng thái: {answer.status_code}")
    return str(answer.json()["recorded"])
