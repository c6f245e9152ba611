"""A fake identity provider: a real HTTP server that checks what a real one checks, with faults to switch on.

It knows one client. Codes are good once, for a minute, for the redirect address and the challenge that they were made
for; a code that comes twice is refused. Faults (`provider.fault`) spoil one thing of what is handed out:

`nonce`, `audience`, `issuer`, `expired`, `future`, `no-subject`, `azp`, `at-hash`   a claim of the id token
`other-key`, `unsigned`, `shared-secret`, `unknown-kid`, `truncated`                 its signature
`no-token`, `not-json`, `error-500`, `slow`                                          the answer of the token endpoint
`wrong-iss`, `no-iss`, `denied`                                                      the answer to the browser
`other-name`, `plain-endpoints`, `discovery-500`                                     discovery
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CODE_SECONDS = 60


@lru_cache(maxsize=4)
def signing_key(name: str) -> RSAKey:
    """Return a key pair of this name, made once."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class Granted:
    """What a code was made for."""

    redirect_uri: str
    challenge: str
    nonce: str
    at: float
    used: bool = False


@dataclass
class FakeProvider:
    """The server, on a free port of this machine; use it as a context manager. `now` is its clock."""

    host: str = "127.0.0.1"
    client_id: str = "tiepdan"
    client_secret: str = "bí mật & dài +1"
    redirect_uri: str = "https://test/api/console/session/sso/callback"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "nguoi-1"})
    fault: str = ""
    key: str = "key-1"
    proof: str = "client_secret_basic"
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    codes: dict[str, Granted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def issuer(self) -> str:
        """What it calls itself, and where it listens."""
        return f"http://{self.host}:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeProvider":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document."""
        base = "http://identity.example" if self.fault == "plain-endpoints" else self.issuer
        return {
            "issuer": f"{self.issuer}/other" if self.fault == "other-name" else self.issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            "token_endpoint_auth_methods_supported": [self.proof],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def authorize(self, given: dict[str, str]) -> str | None:
        """Return where the browser is sent back to, or None for a request that a real provider refuses."""
        wrong = [
            name
            for name, right in (
                ("client_id", given.get("client_id") == self.client_id),
                ("redirect_uri", given.get("redirect_uri") == self.redirect_uri),
                ("response_type", given.get("response_type") == "code"),
                ("scope", "openid" in given.get("scope", "").split()),
                ("state", len(given.get("state", "")) >= 16),
                ("nonce", len(given.get("nonce", "")) >= 16),
                ("code_challenge_method", given.get("code_challenge_method") == "S256"),
                ("code_challenge", len(given.get("code_challenge", "")) == 43),
            )
            if not right
        ]
        if wrong:
            self.refused += wrong
            return None
        answer = {"state": given["state"]}
        if self.fault != "no-iss":
            answer["iss"] = "https://evil.example" if self.fault == "wrong-iss" else self.issuer
        if self.fault == "denied":
            return f"{self.redirect_uri}?{urlencode({**answer, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(24)
        self.codes[code] = Granted(self.redirect_uri, given["code_challenge"], given["nonce"], self.now().timestamp())
        return f"{self.redirect_uri}?{urlencode({**answer, 'code': code})}"

    def exchange(self, authorization: str, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer the token endpoint."""
        if not self._is_client(authorization, given):
            return self._refuse(401, "invalid_client")
        granted = self.codes.get(given.get("code", ""))
        verifier = given.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if given.get("grant_type") != "authorization_code":
            return self._refuse(400, "unsupported_grant_type")
        if granted is None or granted.used or self.now().timestamp() - granted.at > CODE_SECONDS:
            return self._refuse(400, "invalid_grant")
        granted.used = True
        if given.get("redirect_uri") != granted.redirect_uri:
            return self._refuse(400, "invalid_grant")
        if not 43 <= len(verifier) <= 128 or not hmac.compare_digest(challenge, granted.challenge):
            return self._refuse(400, "invalid_grant")
        access = secrets.token_urlsafe(24)
        token = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        if self.fault == "no-token":
            return 200, token
        return 200, {**token, "id_token": self._id_token(granted, access)}

    def _id_token(self, granted: Granted, access: str) -> str:
        now = int(self.now().timestamp())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": granted.nonce,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **self.person,
        }
        claims |= {
            "nonce": {"nonce": "another"},
            "audience": {"aud": "another-client"},
            "issuer": {"iss": "https://evil.example"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "future": {"iat": now + 900, "exp": now + 1_200, "nbf": now + 900},
            "azp": {"azp": "another-client"},
            "at-hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        }.get(self.fault, {})
        if self.fault == "no-subject":
            del claims["sub"]
        return self._signed(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.fault == "unsigned":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
            return ".".join([*encoded, ""])
        if self.fault == "shared-secret":
            secret = OctKey.import_key(self.client_secret.encode())
            return jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
        name = "key-of-somebody" if self.fault in {"other-key", "unknown-kid"} else self.key
        kid = self.key if self.fault == "other-key" else name
        token = jwt.encode({"alg": "RS256", "kid": kid}, claims, signing_key(name), algorithms=["RS256"])
        return token[:-20] if self.fault == "truncated" else token

    def _is_client(self, authorization: str, given: dict[str, str]) -> bool:
        """RFC 6749, 2.3.1: both halves are form-encoded before they are joined."""
        if self.proof == "none":
            return not authorization and given.get("client_id") == self.client_id
        if self.proof == "client_secret_post":
            shown = given.get("client_id"), given.get("client_secret")
            return not authorization and shown == (self.client_id, self.client_secret)
        kind, _, encoded = authorization.partition(" ")
        if kind != "Basic":
            return False
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
        return unquote_plus(name) == self.client_id and unquote_plus(secret) == self.client_secret

    def _refuse(self, status: int, error: str) -> tuple[int, dict[str, Any]]:
        self.refused.append(error)
        return status, {"error": error}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[FakeProvider]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        provider, parts = self.provider, urlsplit(self.path)
        provider.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self._answer(500 if provider.fault == "discovery-500" else 200, provider.metadata())
        elif parts.path == "/keys":
            self._answer(200, {"keys": [signing_key(provider.key).as_dict(private=False)]})
        elif parts.path == "/authorize":
            target = provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
            if target is None:
                self._answer(400, {"error": "invalid_request"})
                return
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        provider = self.provider
        provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path != "/token":
            self._answer(404, {})
            return
        if provider.fault == "slow":
            time.sleep(1.5)
        if provider.fault == "error-500":
            self._answer(500, {})
            return
        given = {name: values[0] for name, values in parse_qs(body).items()}
        status, told = provider.exchange(self.headers.get("Authorization", ""), given)
        self._answer(status, "<html>xin chào</html>" if provider.fault == "not-json" else told)

    def _answer(self, status: int, told: Any) -> None:
        content = (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(told, str) else "application/json")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
