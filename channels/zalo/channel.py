"""The Zalo Official Account as a channel: what the common part of the project sees of it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.core.channels.contract import Capabilities, Incoming, Media, MediaRefused, Outgoing
from bot.core.ports import Clock
from channels.zalo.api import Api, ApiRules, Counters
from channels.zalo.media import Fetcher, MediaRules, host_of
from channels.zalo.oauth import OAuth, OAuthRules
from channels.zalo.reading import CHANNEL, ReadingRules, identity, read
from channels.zalo.sending import MAX_BUTTONS, MAX_TITLE, Sender, SendingRules
from channels.zalo.signature import SignatureRefused, SignatureRules, Variant, is_handshake, verify
from channels.zalo.templates import TemplateRules, Templates
from channels.zalo.tokens import TokenRules, Tokens, TokenStore
from channels.zalo.uploads import UploadMemory, Uploads

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ZaloRules:
    """Everything that settings decide.

    `window`: how long after the citizen's last message an answer is free; `closed_after`: from when on Zalo refuses.
    """

    oauth: OAuthRules
    reading: ReadingRules = field(default_factory=ReadingRules)
    signature: SignatureRules = field(default_factory=SignatureRules)
    tokens: TokenRules = field(default_factory=TokenRules)
    api: ApiRules = field(default_factory=ApiRules)
    sending: SendingRules = field(default_factory=SendingRules)
    templates: TemplateRules = field(default_factory=TemplateRules)
    media: MediaRules = field(default_factory=MediaRules)
    upload_reuse: timedelta = timedelta(days=6, hours=20)
    window: timedelta = timedelta(hours=48)
    closed_after: timedelta = timedelta(days=7)


class ZaloChannel:
    """`bot.core.channels.contract.Channel` of an Official Account. Constructing one opens no connection."""

    def __init__(
        self, rules: ZaloRules, store: TokenStore, memory: UploadMemory, counters: Counters, clock: Clock
    ) -> None:
        self._rules = rules
        self._counters = counters
        self._clock = clock
        self.oauth = OAuth(rules.oauth, clock)
        self.tokens = Tokens(store, self.oauth, clock, rules.tokens)
        self._api = Api(rules.api, self.tokens, counters)
        uploads = Uploads(self._api, memory, clock, counters, rules.upload_reuse)
        self.sender = Sender(rules.sending, self._api, uploads, counters)
        self._fetcher = Fetcher(rules.media)
        self.templates = Templates(rules.templates, self._api) if rules.templates.template_id else None

    @property
    def name(self) -> str:
        """The channel's name."""
        return CHANNEL

    @property
    def capabilities(self) -> Capabilities:
        """What Zalo shows and takes."""
        return Capabilities(
            text_limit=self._rules.sending.text_limit,
            buttons=MAX_BUTTONS,
            button_title=MAX_TITLE,
            links=True,
            window=self._rules.window,
            closed_after=self._rules.closed_after,
        )

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        """Return what a body says; see Channel."""
        return read(body, self._rules.reading)

    def identity(self, body: bytes) -> str:
        """Return the id under which a body is kept in the inbox; never raises."""
        return identity(body)

    def admit(self, body: bytes, headers: Mapping[str, str]) -> Variant | None:
        """Return the variant by which a body is signed, None for the unsigned `{}` of saving the address.

        Headers have lower-case names. Raises SignatureRefused. Either way it is counted.
        """
        if is_handshake(body):
            self._counters.add("handshake")
            return None
        try:
            variant = verify(body, headers, self._rules.signature, self._clock.now())
        except SignatureRefused as refused:
            self._counters.add(f"signature.refused.{refused.code}")
            raise
        self._counters.add(f"signature.{variant}")
        return variant

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Send a message; see Channel."""
        return await self.sender.send(address, message)

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Fetch a file; see Channel. A refusal is counted, its host logged: the settings may lack one."""
        try:
            return await self._fetcher.fetch(media, limit)
        except MediaRefused as refused:
            self._counters.add(f"media.refused.{refused.reason}")
            if refused.reason == "host":
                log.warning("zalo: a file on %s was not fetched", host_of(media.ref))
            raise

    async def account(self) -> dict[str, Any]:
        """Return what Zalo says of the account, to test the connection. Raises SendFailed."""
        return await self._api.get("/v2.0/oa/getoa")

    async def aclose(self) -> None:
        """Wait for what must not be cut off."""
        await self.tokens.aclose()
