"""The signature of Zalo's webhook: SHA-256 over first term, raw body, time and secret, in every documented variant.

Sources disagree on three of the four terms (zalo.md §6.2), so each allowed variant is computed, and the one that
fits is returned to be counted; once a real account has shown which it is, the settings allow that one alone. The
secret is the last term, so the digest cannot be extended. It covers no nonce: replays are caught by their id and age.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Literal, NamedTuple

from bot.core.channels.contract import BadBody
from bot.core.errors import TiepDanError
from channels.zalo.parsing import load_object

SIGNATURE = "x-zevent-signature"
TIMESTAMP = "x-zevent-timestamp"
_SIGNATURE_FORM = re.compile(r"(?:mac=)?([0-9a-fA-F]{64})", re.ASCII)
_TERM_FORM = re.compile(r"[0-9]{1,40}", re.ASCII)
_TIME_FORM = re.compile(r"[0-9]{12,14}", re.ASCII)


class Variant(NamedTuple):
    """Which terms a signature was made of. `str` is its name in settings and counters, as `app_id-body-oa`."""

    first: Literal["app_id", "oa_id"]
    time: Literal["body", "header"]
    secret: Literal["oa", "app"]

    def __str__(self) -> str:
        return f"{self.first}-{self.time}-{self.secret}"


VARIANTS: tuple[Variant, ...] = tuple(
    Variant(first, time, secret)  # type: ignore[arg-type]  # product widens the literals
    for secret, time, first in product(("oa", "app"), ("body", "header"), ("app_id", "oa_id"))
)


class SignatureRefused(TiepDanError):
    """A body is not shown to be Zalo's. `code` is missing, malformed, wrong or stale."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SignatureRules:
    """The secrets and what is accepted. `max_age` must be longer than Zalo's ladder of repetitions."""

    app_id: str = ""
    oa_id: str = ""
    oa_secret: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    variants: tuple[Variant, ...] = VARIANTS
    max_age: timedelta = timedelta(hours=24)
    max_ahead: timedelta = timedelta(minutes=10)


def is_handshake(body: bytes) -> bool:
    """Whether this is the unsigned `{}` that Zalo sends when the address is saved, which must be answered 200."""
    return len(body) <= 16 and body.strip() == b"{}"


def parse_variants(names: str) -> tuple[Variant, ...]:
    """Return the variants named in a comma-separated list; empty means all. Raises ValueError."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = {str(variant): variant for variant in VARIANTS}
    if any(name not in known for name in wanted):
        raise ValueError(f"must name variants among {', '.join(known)}")
    return tuple(known[name] for name in wanted) or VARIANTS


def mac(first: str, body: bytes, time: str, secret: str) -> str:
    """Return `mac=` and the digest."""
    return _closed(_begun(first, body), time, secret)


def _begun(first: str, body: bytes) -> "hashlib._Hash":
    begun = hashlib.sha256(first.encode())
    begun.update(body)
    return begun


def _closed(begun: "hashlib._Hash", time: str, secret: str) -> str:
    digest = begun.copy()
    digest.update(time.encode() + secret.encode())
    return f"mac={digest.hexdigest()}"


def verify(body: bytes, headers: Mapping[str, str], rules: SignatureRules, now: datetime) -> Variant:
    """Return the variant by which the raw body is signed. Headers have lower-case names. Raises SignatureRefused.

    Takes the same time whichever variant fits, and for any that does not. The time that is checked is the one that
    the signature covers.
    """
    claimed = headers.get(SIGNATURE, "")
    if not claimed:
        raise SignatureRefused("missing")
    found = _SIGNATURE_FORM.fullmatch(claimed.strip())
    if not found:
        raise SignatureRefused("malformed")
    try:
        fields = load_object(body)
    except BadBody:
        raise SignatureRefused("malformed") from None
    expected = f"mac={found[1].lower()}"
    times = {"body": _digits(fields.get("timestamp"), _TIME_FORM), "header": headers.get(TIMESTAMP, "").strip()}
    terms = {"app_id": _terms(rules.app_id, [fields.get("app_id")]), "oa_id": _terms(rules.oa_id, _accounts(fields))}
    # A stranger's large body is digested once for each first term, not once for each variant.
    begun = {name: [_begun(term, body) for term in found] for name, found in terms.items()}
    secrets = {"oa": rules.oa_secret, "app": rules.app_secret}
    matched: Variant | None = None
    for variant in rules.variants:
        time, secret = times[variant.time], secrets[variant.secret]
        if not secret or not _TIME_FORM.fullmatch(time):
            continue
        for prefix in begun[variant.first]:
            fits = hmac.compare_digest(_closed(prefix, time, secret), expected)
            matched = variant if fits and matched is None else matched
    if matched is None:
        raise SignatureRefused("wrong")
    age = timedelta(milliseconds=now.timestamp() * 1000 - int(times[matched.time]))
    if not -rules.max_ahead <= age <= rules.max_age:
        raise SignatureRefused("stale")
    return matched


def _digits(value: object, form: re.Pattern[str] = _TERM_FORM) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40 else value
    return text if isinstance(text, str) and form.fullmatch(text) else ""


def _terms(configured: str, found: Iterable[object]) -> tuple[str, ...]:
    """Return the ids that may be the first term: ours where it is known, else what the body names.

    Only digits: the body begins with a brace, so nothing can be moved between the terms.
    """
    if configured:
        return (configured,)
    return tuple(dict.fromkeys(filter(None, map(_digits, found))))


def _accounts(fields: dict[str, Any]) -> list[object]:
    """Return where a body may name the account: recipient of what people send, sender of what it sent itself."""
    roles = [fields.get(role) for role in ("recipient", "sender")]
    return [fields.get("oa_id"), *(role.get("id") for role in roles if isinstance(role, dict))]
