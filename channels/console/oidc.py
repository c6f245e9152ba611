"""Single sign-on by OpenID Connect: authorization code with PKCE, discovery from the issuer, a checked id token.

Nothing is kept between the two halves but a cookie with a random binding. State, nonce and verifier are keyed hashes
of it: so any process can finish what another began, and only in the browser that began it.
"""

import base64
import re
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from bot.core.ports import Clock
from bot.core.staff.marks import Marks

# Signatures by the provider's own key alone; an id token signed with our shared secret, or not at all, is refused.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
MAX_AGE = timedelta(minutes=10)
LEEWAY_SECONDS = 60
_KNOWN_SECONDS = 3_600.0
_AGAIN_SECONDS = 30.0
_MAX_ANSWER_BYTES = 512 * 1024
_BINDING = re.compile(r"[1-9][0-9]{9,11}\.[A-Za-z0-9_-]{43}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SsoRefused(Exception):
    """The browser, the provider or the id token is not as it must be; `why` is for the log and names nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class SsoUnavailable(Exception):
    """The provider does not answer, or not usably."""


@dataclass(frozen=True)
class OidcRules:
    """The provider and how it knows us. `redirect_uri` is our callback, as registered there."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: str = "openid email"
    ca_file: str = ""
    seconds: float = 10.0


@dataclass(frozen=True)
class Begun:
    """Where the browser is sent, and the binding that it must bring back in a cookie."""

    url: str
    binding: str


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for; `email` only where it has verified it."""

    subject: str
    email: str | None


class Oidc:
    """One provider. Its metadata and keys are kept for an hour; unknown keys are asked for again."""

    def __init__(self, rules: OidcRules, marks: Marks, clock: Clock) -> None:
        self._rules = rules
        self._marks = marks
        self._clock = clock
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._metadata_at = self._keys_at = float("-inf")

    async def begin(self) -> Begun:
        """Return where to send the browser. Raises SsoUnavailable."""
        binding = f"{int(self._clock.now().timestamp())}.{secrets.token_urlsafe(32)}"
        async with self._client() as client:
            metadata = await self._discovered(client)
            url, _state = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=self._marks.single_sign_on("state", binding),
                nonce=self._marks.single_sign_on("nonce", binding),
                code_verifier=self._marks.single_sign_on("verifier", binding),
            )
        return Begun(url, binding)

    async def finish(self, binding: str, answer: Mapping[str, str]) -> Person:
        """Return whom the provider's answer vouches for. Raises SsoRefused, SsoUnavailable."""
        self._require_ours(binding, answer)
        try:
            async with self._client() as client:
                metadata = await self._discovered(client)
                self._require_issuer(metadata, answer)
                client.token_endpoint_auth_method = _way_of_proof(metadata, self._rules.client_secret)
                token = await client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=answer["code"],
                    redirect_uri=self._rules.redirect_uri,
                    code_verifier=self._marks.single_sign_on("verifier", binding),
                )
                claims = await self._claims(client, token, self._marks.single_sign_on("nonce", binding))
        except OAuthError as error:
            raise SsoRefused(f"the provider refused the code ({error.error})") from error
        except (JoseError, ValueError, TypeError) as error:
            raise SsoRefused(f"the id token is not usable ({type(error).__name__})") from error
        except httpx2.HTTPError as error:
            raise SsoUnavailable(type(error).__name__) from error
        email = claims.get("email")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Person(str(claims["sub"]), email if verified else None)

    def _require_ours(self, binding: str, answer: Mapping[str, str]) -> None:
        if not _BINDING.fullmatch(binding):
            raise SsoRefused("no sign-on was begun in this browser")
        age = self._clock.now().timestamp() - int(binding.partition(".")[0])
        if not 0 <= age <= MAX_AGE.total_seconds():
            raise SsoRefused("the sign-on took too long")
        state = self._marks.single_sign_on("state", binding)
        if not secrets.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise SsoRefused("the state is another's")
        if "error" in answer or not answer.get("code"):
            raise SsoRefused("the provider sent no code")

    def _require_issuer(self, metadata: Mapping[str, Any], answer: Mapping[str, str]) -> None:
        """RFC 9207: an answer that names its issuer names ours, and must where the provider says that it does."""
        told = answer.get("iss")
        if told is None and metadata.get("authorization_response_iss_parameter_supported"):
            raise SsoRefused("the answer names no issuer")
        if told is not None and told != self._rules.issuer:
            raise SsoRefused("the answer is another issuer's")

    async def _claims(self, client: AsyncOAuth2Client, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        encoded = token.get("id_token")
        if not isinstance(encoded, str):
            raise SsoRefused("there is no id token")
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            read = jwt.decode(encoded, await self._signers(client), registry=registry)
        except InvalidKeyIdError:  # the provider has changed its keys
            read = jwt.decode(encoded, await self._signers(client, again=True), registry=registry)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._rules.issuer},
                "aud": {"essential": True, "value": self._rules.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            params={
                "nonce": nonce,
                "client_id": self._rules.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        return dict(claims)

    async def _discovered(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        if time.monotonic() - self._metadata_at < _KNOWN_SECONDS:
            return self._metadata
        issuer = self._rules.issuer
        found = await self._read(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise SsoUnavailable("the provider calls itself otherwise than TIEPDAN_CONSOLE__OIDC_ISSUER")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str) or not safe_address(found[name]):
                raise SsoUnavailable(f"{name} of the provider is missing or no https address")
        self._metadata, self._metadata_at = found, time.monotonic()
        return found

    async def _signers(self, client: AsyncOAuth2Client, *, again: bool = False) -> KeySet:
        age = time.monotonic() - self._keys_at
        if self._keys is None or age > _KNOWN_SECONDS or (again and age > _AGAIN_SECONDS):
            found = await self._read(client, self._metadata["jwks_uri"])
            usable = [key for key in found.get("keys", []) if key.get("kty") != "oct"]
            self._keys = KeySet.import_key_set({"keys": usable})
            self._keys_at = time.monotonic()
        return self._keys

    async def _read(self, client: AsyncOAuth2Client, url: str) -> dict[str, Any]:
        try:
            answer = await client.request("GET", url, withhold_token=True)
            answer.raise_for_status()
            found = answer.json() if len(answer.content) <= _MAX_ANSWER_BYTES else None
        except (httpx2.HTTPError, ValueError) as error:
            raise SsoUnavailable(type(error).__name__) from error
        if not isinstance(found, dict):
            raise SsoUnavailable("the provider's answer is no JSON object")
        return found

    def _client(self) -> AsyncOAuth2Client:
        rules = self._rules
        client = AsyncOAuth2Client(
            rules.client_id,
            rules.client_secret or None,
            scope=rules.scopes,
            redirect_uri=rules.redirect_uri,
            code_challenge_method="S256",
            timeout=rules.seconds,
            follow_redirects=False,
            trust_env=False,
            verify=ssl.create_default_context(cafile=rules.ca_file) if rules.ca_file else True,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        return client


def _basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Prove who we are as RFC 6749 2.3.1 says: both halves form-encoded. The library leaves that out."""
    joined = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {base64.b64encode(joined.encode()).decode()}"
    return uri, headers, body


def _way_of_proof(metadata: Mapping[str, Any], secret: str) -> str:
    """Return how the token endpoint is shown who we are; `client_secret_basic` where the provider does not say."""
    if not secret:
        return "none"
    supported = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"


def safe_address(url: str) -> bool:
    """True for https, and for plain http on this very machine."""
    told = urlsplit(url)
    return bool(told.hostname) and (told.scheme == "https" or (told.scheme == "http" and told.hostname in _LOOPBACK))
