"""What the fake Zalo knows: tokens, people and their windows, uploads, quotas, what was sent, planned faults."""

import base64
import hashlib
import itertools
import random
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.zalo_rules import fault_of, is_composed

FREE, OPEN = timedelta(hours=48), timedelta(days=7)
ACCESS_LIFE, REFRESH_LIFE, CODE_LIFE = timedelta(hours=25), timedelta(days=90), timedelta(minutes=10)
UPLOAD_LIFE = timedelta(days=7)
Answer = dict[str, Any]


@dataclass
class Person:
    """A citizen as Zalo sees them."""

    last: datetime | None = None
    follower: bool = True
    blocked: bool = False


@dataclass(frozen=True)
class Sent:
    """A message that the account sent and Zalo took; `lost`: the answer that says so did not arrive."""

    recipient: str
    message: dict[str, Any]
    message_id: str
    at: datetime
    quota: str
    lost: bool = False


@dataclass
class Faults:
    """Faults that happen: `planned` once each, in order, and `rates` by chance."""

    planned: deque[str] = field(default_factory=deque)
    rates: dict[str, float] = field(default_factory=dict)
    seed: int = 1
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def draw(self, kinds: frozenset[str]) -> str:
        """Return the fault of this call among those it can have, or ""."""
        if self.planned and self.planned[0] in kinds:
            kind = self.planned.popleft()
        else:
            chance = self._random.random()
            kind = ""
            for name, rate in self.rates.items():
                if name in kinds and chance < rate:
                    kind = name
                    break
                chance -= rate if name in kinds else 0
        if kind:
            self.happened[kind] += 1
        return kind


class ZaloState:
    """All of it, changed under one lock."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.app_id, self.oa_id = "1000000000000000001", "3000000000000000003"
        self.app_secret, self.oa_secret = "APP_SECRET_EXAMPLE", "OA_SECRET_EXAMPLE"
        self.redirect_uri = "https://vidu.example.vn/zalo/callback"
        self.now = now or (lambda: datetime.now(UTC))
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.anonymous: set[tuple[str, str]] = set()
        self.sent: list[Sent] = []
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.errors: Counter[int] = Counter()
        self.per_minute, self.uploads_left, self.paid_left = 4_000, 5_000, 0
        self.followers_only = self.lists = False
        self.decomposed = 0
        # Template messages: parameters by approved template, what was taken, how many the account may send.
        self.approved: dict[str, frozenset[str]] = {}
        self.templates: list[Sent] = []
        self.templates_left = 1_000
        self.uploads: dict[str, tuple[str, datetime]] = {}
        self._minute: deque[datetime] = deque()
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}
        self._serial = itertools.count(1)

    # Tokens.
    def grant(self, challenge: str) -> str:
        """Return the code of an administrator's consent."""
        with self.lock:
            code = f"CODE{next(self._serial)}"
            self._codes[code] = (challenge, self.now())
            return code

    def new_pair(self) -> tuple[str, str]:
        """Return a new pair, which replaces the former."""
        serial = next(self._serial)
        access, refresh = f"AT{serial}", f"RT{serial}"
        self._access = {access: self.now()}
        self._refresh = {refresh: self.now()}
        return access, refresh

    def invalidate(self) -> None:
        """Make every access token invalid."""
        with self.lock:
            self._access.clear()

    def token_call(self, headers: dict[str, str], form: dict[str, str]) -> Answer:
        """Answer the token endpoint; faults come with HTTP 200."""
        with self.lock:
            self.calls[f"token.{form.get('grant_type')}"] += 1
            if headers.get("secret_key") != self.app_secret or form.get("app_id") != self.app_id:
                return _oauth_fault(-14004)
            if form.get("grant_type") == "authorization_code":
                challenge, at = self._codes.pop(form.get("code", ""), ("", self.now()))
                if not challenge:
                    return _oauth_fault(-14005)
                if self.now() - at > CODE_LIFE:
                    return _oauth_fault(-14019)
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
                    return _oauth_fault(-14010)
            elif form.get("grant_type") == "refresh_token":
                since = self._refresh.pop(form.get("refresh_token", ""), None)
                if since is None or self.now() - since > REFRESH_LIFE:
                    self.calls["token.burnt"] += 1
                    return _oauth_fault(-14020)
            else:
                return _oauth_fault(-14002)
            access, refresh = self.new_pair()
            return {"access_token": access, "refresh_token": refresh, "expires_in": "90000"}

    def refused(self, token: str) -> int | None:
        """Return why a call with this token is refused, or None; counts the call."""
        with self.lock:
            now = self.now()
            while self._minute and self._minute[0] <= now - timedelta(minutes=1):
                self._minute.popleft()
            if len(self._minute) >= self.per_minute:
                return -32
            self._minute.append(now)
            if token not in self._access:
                return -216
            return -220 if now - self._access[token] >= ACCESS_LIFE else None

    def remaining(self) -> int:
        """Return how many calls are left in this minute."""
        return max(0, self.per_minute - len(self._minute))

    # People.
    def interact(self, user_id: str) -> None:
        """Note that somebody wrote, followed or pressed."""
        with self.lock:
            self.people.setdefault(user_id, Person()).last = self.now()

    def send(self, recipient: Any, message: Any, *, anonymous: bool = False, lost: bool = False) -> Answer:
        """Take a message or refuse it."""
        with self.lock:
            if not isinstance(recipient, dict):
                return error(-201)
            person = self.people.get(str(recipient.get("user_id")))
            if anonymous:
                key = (str(recipient.get("anonymous_id")), str(recipient.get("conversation_id")))
                if key not in self.anonymous:
                    return error(-201)
                name, quota = ":".join(("anon", *key)), "reply"
            else:
                name, (code, quota) = str(recipient.get("user_id")), self._window(person)
                if code:
                    return error(code)
            kinds = {ref: kind for ref, (kind, at) in self.uploads.items() if self.now() - at < UPLOAD_LIFE}
            code = fault_of(message, kinds, lists=self.lists) or 0
            if code:
                return error(code)
            self.decomposed += not is_composed(message)
            if quota == "purchase_quota":
                self.paid_left -= 1
            sent = Sent(name, message, f"m-out-{next(self._serial)}", self.now(), quota, lost)
            self.sent.append(sent)
            at = str(int(self.now().timestamp() * 1000))
            data = {"message_id": sent.message_id, "user_id": name, "sent_time": at, "quota": {"quota_type": quota}}
            return {"error": 0, "message": "Success", "data": data}

    def _window(self, person: Person | None) -> tuple[int, str]:
        if person is None or person.last is None:
            return -232, ""
        if person.blocked:
            return -217, ""
        if self.followers_only and not person.follower:
            return -213, ""
        since = self.now() - person.last
        if since > OPEN:
            return -230, ""
        if since <= FREE:
            return 0, "reply"
        return (0, "purchase_quota") if self.paid_left > 0 else (-211, "")

    def upload(self, kind: str, content: bytes) -> Answer:
        """Take an upload or refuse it."""
        limits = {"image": (1 << 20, (b"\xff\xd8\xff", b"\x89PNG")), "gif": (5 << 20, (b"GIF8",))}
        largest, starts = limits.get(kind, (5 << 20, (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")))
        with self.lock:
            if not content.startswith(starts):
                return error(-201)
            if len(content) > largest:
                return error(-210)
            if self.uploads_left <= 0:
                return error(-211)
            self.uploads_left -= 1
            ref = f"UP{next(self._serial)}"
            self.uploads[ref] = (kind, self.now())
            return {"error": 0, "message": "Success", "data": {"token" if kind == "file" else "attachment_id": ref}}

    def texts_to(self, user_id: str) -> list[str]:
        """Return the texts that somebody was sent, in order."""
        with self.lock:
            return [str(sent.message.get("text", "")) for sent in self.sent if sent.recipient == user_id]


def error(code: int) -> Answer:
    """Return an error as the API gives it."""
    return {"error": code, "message": "Lỗi thử"}


def _oauth_fault(code: int) -> Answer:
    return {"error": code, "error_name": "Lỗi thử", "error_description": "không in ra"}
