"""What the web channel does to the store. Everything here blocks; the router runs it in a thread pool."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.messages import Event, EventKind, InboundMessage, Stored
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.replies import Reply

SESSION_ID = re.compile(r"s_[A-Za-z0-9_-]{16,64}")
PAGE_SIZE = 200


@dataclass(frozen=True)
class WebChannelSettings:
    """The web channel's limits. Without an `evaluation_token` no request may set its own clock."""

    token_lifetime: timedelta = timedelta(days=7)
    max_waiting_messages: int = 20
    max_streams_per_session: int = 4
    evaluation_token: str | None = None
    reread_seconds: float = 2.0
    keep_alive_seconds: float = 15.0


@dataclass(frozen=True)
class OpenedSession:
    """A session just made; `token` is known here only."""

    session_id: str
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
    """The token is not this session's, or it has expired."""


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
        token = secrets.token_urlsafe(32)
        expires_at = now + self._settings.token_lifetime
        with self._uow_factory() as uow:
            uow.create_conversation(conversation_id, "web", now)
            uow.create_web_session(session_id, conversation_id, hash_token(token), expires_at, now)
            uow.append_event(conversation_id, EventKind.ASSISTANT, self._greeting.to_payload(), None, now)
            uow.commit()
        return OpenedSession(session_id, token, expires_at)

    def admit(self, session_id: str, token: str) -> Admission:
        """Return who may go on. Raises SessionUnknown or TokenRefused."""
        if not SESSION_ID.fullmatch(session_id):
            raise SessionUnknown
        with self._uow_factory() as uow:
            found = uow.web_session(session_id)
        if found is None:
            raise SessionUnknown
        conversation_id, token_hash, expires_at = found
        if not hmac.compare_digest(token_hash, hash_token(token)) or expires_at <= self._clock.now():
            raise TokenRefused
        return Admission(session_id, conversation_id, expires_at)

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
            stored = uow.store_inbound(message, self._settings.max_waiting_messages)
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
