"""What the web channel does to the store. Everything here blocks; the router runs it in a thread pool."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.channels.voice import spoken
from bot.core.messages import Event, EventKind, InboundMessage, Stored
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.replies import Reply
from channels.web import tokens

SESSION_ID = re.compile(r"s_[A-Za-z0-9_-]{16,64}")
PAGE_SIZE = 200


@dataclass(frozen=True)
class WebChannelSettings:
    """The web channel's limits. Without an `evaluation_token` no request may set its own clock.

    A token lasts `token_lifetime` and is renewed while the session lasts. `signing_key` must be the same in all
    processes that serve a session. `origins` are the foreign pages (scheme://host[:port]) that may embed the widget.
    """

    session_lifetime: timedelta = timedelta(days=7)
    token_lifetime: timedelta = timedelta(minutes=30)
    signing_key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    origins: frozenset[str] = frozenset()
    max_waiting_messages: int = 20
    max_streams_per_session: int = 4
    evaluation_token: str | None = None
    reread_seconds: float = 2.0
    keep_alive_seconds: float = 15.0


@dataclass(frozen=True)
class OpenedSession:
    """A session just made; `renewal`, which gets new tokens until `renewable_until`, is known here only."""

    session_id: str
    token: str
    expires_at: datetime
    renewal: str
    renewable_until: datetime


@dataclass(frozen=True)
class Renewed:
    """A new token of a session."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Admission:
    """A caller whose token was right."""

    session_id: str
    conversation_id: str
    expires_at: datetime


class SessionUnknown(Exception):
    """No such session."""


class TokenRefused(Exception):
    """The token is not this session's, or it has expired, or the session has ended."""


def hash_token(token: str) -> str:
    """Return the hex SHA-256 under which a token is stored; tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class WebSessions:
    """Sessions and messages of the web channel over a UnitOfWork."""

    def __init__(
        self, uow_factory: UnitOfWorkFactory, clock: Clock, greeting: Reply, settings: WebChannelSettings
    ) -> None:
        self._uow_factory = uow_factory
        self._clock = clock
        self._greeting = greeting
        self._settings = settings

    def open(self) -> OpenedSession:
        """Create a session and its conversation, greeted as sequence 1."""
        now = self._clock.now()
        session_id = f"s_{secrets.token_urlsafe(16)}"
        conversation_id = f"web-{secrets.token_hex(16)}"
        renewal = secrets.token_urlsafe(32)
        until = now + self._settings.session_lifetime
        with self._uow_factory() as uow:
            uow.create_conversation(conversation_id, "web", now)
            uow.create_web_session(session_id, conversation_id, hash_token(renewal), until, now)
            uow.append_event(conversation_id, EventKind.ASSISTANT, self._greeting.to_payload(), None, now)
            uow.commit()
        token = self._token(session_id, until)
        return OpenedSession(session_id, token.token, token.expires_at, renewal, until)

    def renew(self, session_id: str, renewal: str) -> Renewed:
        """Return a new token for a session that has not ended. Raises SessionUnknown or TokenRefused."""
        _conversation, renewal_hash, until = self._found(session_id)
        if not hmac.compare_digest(renewal_hash, hash_token(renewal)) or until <= self._clock.now():
            raise TokenRefused
        return self._token(session_id, until)

    def admit(self, session_id: str, token: str) -> Admission:
        """Return who may go on. Raises SessionUnknown or TokenRefused."""
        expires_at = tokens.expiry(self._settings.signing_key, session_id, token)
        conversation_id, _renewal_hash, until = self._found(session_id)
        if expires_at is None or min(expires_at, until) <= self._clock.now():
            raise TokenRefused
        return Admission(session_id, conversation_id, min(expires_at, until))

    def end(self, admission: Admission) -> None:
        """Close the session for good and blank what was said in it. Raises ConversationBusy while a turn is open.

        Cases that were filed in it stay as they are.
        """
        with self._uow_factory() as uow:
            uow.erase_conversation(admission.conversation_id, self._clock.now())
            uow.end_web_session(admission.session_id, self._clock.now())
            uow.commit()

    def _found(self, session_id: str) -> tuple[str, str, datetime]:
        if not SESSION_ID.fullmatch(session_id):
            raise SessionUnknown
        with self._uow_factory() as uow:
            found = uow.web_session(session_id)
        if found is None:
            raise SessionUnknown
        return found

    def _token(self, session_id: str, until: datetime) -> Renewed:
        expires_at = min(self._clock.now() + self._settings.token_lifetime, until)
        return Renewed(tokens.signed(self._settings.signing_key, session_id, expires_at), expires_at)

    def accept(
        self,
        conversation_id: str,
        client_message_id: str,
        text: str,
        button: str | None,
        turn_clock: datetime | None,
    ) -> Stored:
        """Store a message durably, once per client_message_id. Raises ConversationBusy."""
        message = InboundMessage(
            conversation_id=conversation_id,
            channel_message_id=client_message_id,
            text=text,
            received_at=self._clock.now(),
            button=button,
            now=turn_clock,
        )
        with self._uow_factory() as uow:
            stored = uow.store_inbound(spoken(uow, message), self._settings.max_waiting_messages)
            uow.commit()
        return stored

    def events_after(self, conversation_id: str, sequence: int, limit: int = PAGE_SIZE) -> list[Event]:
        """Return up to `limit` events with a greater sequence, in order."""
        with self._uow_factory() as uow:
            return uow.events_after(conversation_id, sequence, limit)

    def expired(self, admission: Admission) -> bool:
        """True when the admission has run out since it was given."""
        return admission.expires_at <= self._clock.now()

    def may_set_clock(self, token: str | None) -> bool:
        """True when `token` is the configured evaluation token."""
        expected = self._settings.evaluation_token
        if not expected or token is None:
            return False
        return hmac.compare_digest(hash_token(token), hash_token(expected))
