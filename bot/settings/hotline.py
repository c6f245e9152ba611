"""Settings of the telephone hotline: the switchboard's secrets, and how long what is said is kept."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_EXTENSION = re.compile(r"[^=,\s]{1,40}=[^=,\s]{1,64}")


class HotlineSettings(BaseModel):
    """The hotline; without a secret nothing is delivered, and calls are made by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret that the switchboard shows in the header X-Hotline-Token, or as the last part of the"
        " path; empty: no events are taken (docs/hotline.md).",
    )
    transcript_token: SecretStr | None = Field(
        None, min_length=16, description="Secret of the speech recogniser, likewise; empty: the switchboard's."
    )
    query_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret in the query of events that come as GET (VoiceCloud, BizCloud); empty: none are taken.",
    )
    signing_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret with which bodies are signed in X-Hub-Signature, HMAC-SHA1 (Caresoft); empty: none.",
    )
    extensions: str = Field(
        "", description="Whose extension is whose, as «101=lan.nt,102=mai.tt»: who lifts the receiver has the call."
    )
    dial_url: str = Field(
        "",
        max_length=500,
        description="Address at which the switchboard connects an operator with a number: POST of extension and"
        " number; «{extension}» in it stands for the operator's; empty: nobody is dialled (docs/hotline.md).",
    )
    dial_token: SecretStr | None = Field(
        None, min_length=16, description="Secret shown there as «Authorization: Bearer …»; empty: none."
    )
    dial_seconds: float = Field(10.0, ge=1, le=60, description="How long the switchboard is waited for.")
    keep_lines_days: int = Field(
        30, ge=0, le=3_650, description="So many days after a call what was said in it is deleted."
    )
    keep_numbers_days: int = Field(
        90, ge=0, le=3_650, description="Likewise the caller's number; one that is to be called back waits for that."
    )
    code_hours: int = Field(24, ge=1, le=168, description="How long a code for an answer in writing may be used.")
    missed_call_tasks: bool = Field(True, description="Make a task to call back for a call that nobody answered.")

    @field_validator("extensions", mode="after")
    @classmethod
    def _check_extensions(cls, text: str) -> str:
        if any(part.strip() and not _EXTENSION.fullmatch(part.strip()) for part in text.split(",")):
            raise ValueError("must be pairs such as 101=lan.nt, parted by commas")
        return text

    @field_validator("dial_url", mode="after")
    @classmethod
    def _check_dial_url(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(url.replace("{extension}", "1"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or set("{}") & set(parts.geturl()):
            raise ValueError("must be an http or https address; «{extension}» alone is filled in")
        return url

    @property
    def principal_of(self) -> dict[str, str]:
        """Return whose extension is whose."""
        pairs = (part.strip().partition("=") for part in self.extensions.split(",") if part.strip())
        return {extension: principal for extension, _, principal in pairs}
