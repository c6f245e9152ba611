"""Settings of the operators' console: where it is reached, how sessions end, what stops guessing, single sign-on."""

import ipaddress
import re

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_ADDRESS = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?")
_PLAIN = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:/.*)?")


class ConsoleSettings(BaseModel):
    """The console at /ban-lam-viec (docs/console.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str = Field(
        "",
        description="Address at which browsers reach the console, such as https://tiepdan.example.vn; needed behind a"
        " proxy that changes the Host, and for single sign-on. Empty: whatever the browser calls it.",
    )
    proxies: str = Field(
        "",
        description="Addresses of our own proxies, with spaces or commas between, whose X-Forwarded-For is believed;"
        " without them everybody behind a proxy counts as one address.",
    )
    idle_minutes: float = Field(30, ge=1, le=720, description="A session ends so long after the last sign of life.")
    session_hours: float = Field(12, ge=0.5, le=72, description="A session ends so long after signing in.")
    one_time_hours: float = Field(72, ge=1, le=720, description="How long a one-time password can be used.")
    account_failures: int = Field(
        5, ge=3, le=20, description="Wrong passwords or codes until an account is locked for 1 min, then 2, 4 … 60."
    )
    address_failures: int = Field(
        20, ge=5, le=1_000, description="The same for one address, which a whole office may share."
    )

    oidc_issuer: str = Field(
        "", description="Issuer of the identity provider, exactly as it calls itself; empty: no single sign-on."
    )
    oidc_client_id: str = Field("", description="Our id at the provider.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Our secret at the provider; empty for a public client."
    )
    oidc_scopes: str = Field("openid email", description="What is asked of the provider; `openid` must be in it.")
    oidc_label: str = Field("tài khoản cơ quan", description="What the button says: «Đăng nhập bằng …».")
    oidc_ca_file: str = Field("", description="Root certificates of the provider, where they are not the system's.")
    oidc_seconds: float = Field(10, gt=0, le=60, description="Longest wait for one answer of the provider.")

    @field_validator("address", mode="after")
    @classmethod
    def _check_address(cls, text: str) -> str:
        told = text.strip().rstrip("/").lower()
        if told and not _ADDRESS.fullmatch(told):
            raise ValueError(f"«{text}» is no address such as https://tiepdan.example.vn")
        return told

    @field_validator("proxies", mode="after")
    @classmethod
    def _check_proxies(cls, text: str) -> str:
        listed = text.replace(",", " ").split()
        for each in listed:
            try:
                ipaddress.ip_address(each)
            except ValueError:
                raise ValueError(f"«{each}» is no IP address") from None
        return " ".join(listed)

    @model_validator(mode="after")
    def _check_provider(self) -> "ConsoleSettings":
        if not self.oidc_issuer:
            return self
        if not self.oidc_issuer.startswith("https://") and not _PLAIN.fullmatch(self.oidc_issuer):
            raise ValueError("oidc_issuer must begin with https://")
        if not self.address:
            raise ValueError("single sign-on needs TIEPDAN_CONSOLE__ADDRESS: the provider sends browsers back there")
        if not self.oidc_client_id:
            raise ValueError("single sign-on needs TIEPDAN_CONSOLE__OIDC_CLIENT_ID")
        if "openid" not in self.oidc_scopes.split():
            raise ValueError("oidc_scopes must contain openid")
        return self

    @property
    def proxy_set(self) -> frozenset[str]:
        """The proxies' addresses."""
        return frozenset(self.proxies.split())
