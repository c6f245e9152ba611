"""Settings of the web widget: which pages may embed it, how long its tokens last, what it announces."""

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?")


class WidgetSettings(BaseModel):
    """The widget on other sites' pages (docs/widget.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origins: str = Field(
        "",
        description="Pages that may embed the widget, as origins: `https://cong.example.vn https://…`, with spaces or"
        " commas between. Exactly these, no wild cards; empty: none but our own.",
    )
    token_minutes: float = Field(
        30, gt=0, le=1_440, description="How long a session's token opens it; it is renewed while the session lasts."
    )
    sessions_per_address: int = Field(
        60,
        ge=1,
        le=100_000,
        description="Conversations that one address may open in ten minutes; many citizens share one behind a mobile"
        " network or a counter's Wi-Fi.",
    )
    sessions_per_minute: int = Field(
        1_200, ge=1, le=1_000_000, description="Conversations that all may open in a minute at one service process."
    )
    address_header: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]{0,40}$",
        description="Header by which a proxy on this machine or network tells the citizen's address, such as"
        " X-Forwarded-For (its last entry counts). Empty: behind a proxy only the limit for all holds.",
    )
    notices_file: str = Field(
        "bot/core/data/notices.toml",
        description="TOML file of the notices shown above the chat between two dates; read anew when it changes.",
    )

    @field_validator("origins", mode="after")
    @classmethod
    def _check_origins(cls, text: str) -> str:
        listed = [origin.rstrip("/") for origin in text.lower().replace(",", " ").split()]
        for origin in listed:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"«{origin}» is no origin such as https://cong.example.vn")
        return " ".join(listed)

    @property
    def origin_set(self) -> frozenset[str]:
        """The origins, as browsers write them."""
        return frozenset(self.origins.split())
