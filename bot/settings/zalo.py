"""Settings of the Zalo Official Account, TIEPDAN_ZALO__…: every uncertain fact of the platform is one of them.

What is said of each as uncertain, and how to find it out on a real account, is in docs/zalo.md.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_ID = re.compile(r"\d{0,40}", re.ASCII)
_PAGE = re.compile(r"zalo_verifier[A-Za-z0-9_-]{10,80}\.html", re.ASCII)
_HOST = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)
_PARAMETER = re.compile(r"[A-Za-z0-9_]{1,40}=(?:[^{}]|\{date\}|\{number\}){1,200}")
VARIANT_NAMES = tuple(
    f"{first}-{time}-{secret}"
    for secret in ("oa", "app")
    for time in ("body", "header")
    for first in ("app_id", "oa_id")
)


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated setting."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


class ZaloSettings(BaseModel):
    """The Zalo Official Account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(
        False, description="Whether citizens are served on Zalo (docs/zalo.md tells how to set up)."
    )
    app_id: str = Field("", description="Id of the Zalo application.")
    oa_id: str = Field("", description="Id of the Official Account; events of another one are refused. Empty: any.")
    app_secret: SecretStr | None = Field(None, description="Secret key of the application (tokens).")
    oa_secret: SecretStr | None = Field(
        None, description="OA Secret Key, shown on the console's webhook page (signatures)."
    )
    redirect_uri: str = Field("", description="Callback address of `tiepdan zalo login`, as in the console.")
    verifier_page: str = Field(
        "",
        description="Name of the file zalo_verifier….html that the console gives to prove the domain; the service"
        " shows that page at its root. Empty: none.",
    )
    api_url: str = Field("https://openapi.zalo.me", description="Address of the open API; another for tests.")
    oauth_url: str = Field("https://oauth.zaloapp.com", description="Address of OAuth; another for tests.")

    signature_variants: str = Field(
        "",
        description="Uncertain: of which terms a signature is made. Names such as `app_id-body-oa`, with commas;"
        " empty accepts all eight and counts which fits, so that the one seen can be written here.",
    )
    event_max_age_hours: float = Field(
        24,
        gt=2,
        le=168,
        description="Uncertain: how long Zalo repeats an event (1 h 51 min by most sources, longer by one). Older"
        " ones are refused as replays; younger ones are recognised by their id.",
    )
    refused_status: Literal["200", "401"] = Field(
        "200",
        description="Uncertain: what follows from refusing a wrongly signed event. 401 is said to show «cannot"
        " connect» in the console and at last to switch the webhook off; 200 only drops the event and counts it.",
    )
    pkce_verifier: SecretStr | None = Field(
        None,
        description="Uncertain: whether the PKCE pair is fixed. Empty makes a fresh one for each login; where the"
        " console keeps one code challenge, write its verifier (43 to 128 characters) here.",
    )
    refresh_lost_codes: str = Field(
        "-14014,-14020",
        description="Uncertain: by which codes Zalo says that a refresh token is used up. With these people are told"
        " to log in again at once; with others it is tried again until the access token ends.",
    )
    refresh_ahead_hours: float = Field(
        5, gt=0, lt=24, description="So long before its end (25 h) an access token is replaced."
    )
    refresh_alarm_days: int = Field(
        80, ge=1, le=90, description="People are told when the refresh token (3 months) is so old."
    )
    forced_refresh_pause_seconds: float = Field(
        30, ge=0, le=3_600, description="A refused access token younger than this is not replaced yet again."
    )

    button_template_type: Literal["", "button"] = Field(
        "",
        description="Uncertain: whether buttons under a text need `template_type`. Two name none, one `button`.",
    )
    button_query: Literal["hide", "show"] = Field(
        "hide", description="Whether a pressed button stands in the chat as what the citizen wrote (a bare code)."
    )
    button_prefix: str = Field(
        "#chon:",
        pattern=r"^#[a-z0-9_.:\-]{1,15}$",
        description="Begins what a pressed button sends; the console's filter «Lọc cú pháp» lets only # through.",
    )
    list_template: bool = Field(
        False,
        description="Uncertain: whether API v3 takes the `list` template. 1 sends up to four choices as a list, and"
        " as buttons again as soon as Zalo refuses one.",
    )
    text_limit: int = Field(
        2_000,
        ge=200,
        le=2_000,
        description="Longest text in characters after NFC; lower it if Zalo turns out to count emoji as two (-210).",
    )
    form_title: str = Field("Cơ quan tiếp nhận phản ánh", description="Title of the form for the telephone number.")
    form_subtitle: str = Field(
        "Anh/chị bấm vào đây để gửi số điện thoại, nếu muốn được gọi lại.",
        description="Text of that form, at most 500 characters.",
    )
    form_image_url: str = Field(
        "", description="Picture of that form (https), which Zalo demands; empty: no form, the number is typed."
    )
    followers_only: bool = Field(
        False,
        description="Uncertain: whether only followers may be written to. 0 greets whoever presses «Nhắn tin»; 1"
        " waits until they follow or write. A refusal (-213) closes the chat until they write again.",
    )
    free_window_hours: int = Field(
        48, ge=1, le=168, description="So long after the citizen's last message answers are free."
    )
    closed_after_hours: int = Field(
        168, ge=1, le=8_760, description="So long after the citizen's last message Zalo refuses to send (-230)."
    )
    paid_replies: bool = Field(
        False,
        description="Uncertain: what messages between the two windows cost (55 đ by an older page). 0 sends none"
        " there; 1 sends and counts them by the kind of quota that Zalo names.",
    )
    notice_template_id: str = Field(
        "",
        pattern=r"^\d{0,20}$",
        description="Id of the approved template message that says «there is news» outside Zalo's window. Empty:"
        " none, somebody of the office calls or writes.",
    )
    notice_template_data: str = Field(
        "ngay={date}",
        description="The template's parameters as `name=value`, with commas; {date} is the day, {number} the case's"
        " number (which tells whoever sees the phone that there is a case).",
    )
    notice_template_tracking: bool = Field(
        True, description="Uncertain: whether a template message by user id takes a tracking_id. 0 sends none."
    )
    requests_per_minute: int = Field(
        3_600,
        ge=1,
        le=4_000,
        description="Calls of this process a minute; Zalo takes 4,000 of the application, all processes together.",
    )
    rate_pause_seconds: float = Field(
        60, gt=0, le=600, description="Nothing is sent for so long after Zalo said that it was too much (-32)."
    )
    request_seconds: float = Field(20, gt=0, le=120, description="Longest wait for one answer of Zalo.")
    upload_reuse_hours: float = Field(
        164, gt=0, le=168, description="An uploaded file is sent by its id for so long; Zalo keeps it 7 days."
    )

    audio_endings: str = Field(
        "amr,m4a,aac,mp3,ogg,opus,wav,3gp,webm",
        description="Uncertain: how recordings arrive. Files with these endings are voice messages; what they really"
        " are is told by their bytes.",
    )
    own_admin_ids: str = Field(
        "",
        description="Uncertain: whether messages of programs carry an administrator's id. Ids listed here do not"
        " count as an officer who took the conversation over.",
    )
    media_hosts: str = Field(
        "*.zdn.vn",
        description="Uncertain: on which hosts files of citizens lie. Only these are opened; `*.` is all below.",
    )
    media_seconds: float = Field(60, gt=0, le=600, description="Longest time for fetching one file.")
    media_origins: str = Field(
        "", description="Origins opened without any check, such as a fake server's; for tests only, never live."
    )

    @field_validator("app_id", "oa_id", mode="after")
    @classmethod
    def _check_id(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise ValueError("must be digits, as the console shows them")
        return value

    @field_validator("verifier_page", mode="after")
    @classmethod
    def _check_page(cls, value: str) -> str:
        if value and not _PAGE.fullmatch(value):
            raise ValueError("must be the file's name as the console gives it: zalo_verifier….html")
        return value

    @field_validator("signature_variants", mode="after")
    @classmethod
    def _check_variants(cls, value: str) -> str:
        if any(name not in VARIANT_NAMES for name in listed(value)):
            raise ValueError(f"must name variants among {', '.join(VARIANT_NAMES)}")
        return value

    @field_validator("refresh_lost_codes", mode="after")
    @classmethod
    def _check_codes(cls, value: str) -> str:
        if not all(re.fullmatch(r"-?\d{1,6}", code, re.ASCII) for code in listed(value)):
            raise ValueError("must be codes with commas between them")
        return value

    @field_validator("notice_template_data", mode="after")
    @classmethod
    def _check_template(cls, value: str) -> str:
        if not all(_PARAMETER.fullmatch(part) for part in listed(value)):
            raise ValueError("must be name=value, with commas between them; only {date} and {number} are filled in")
        return value

    @field_validator("media_hosts", mode="after")
    @classmethod
    def _check_hosts(cls, value: str) -> str:
        if not all(_HOST.fullmatch(host) for host in listed(value)):
            raise ValueError("must be names such as *.zdn.vn, with commas between them")
        return value

    @field_validator("pkce_verifier", mode="after")
    @classmethod
    def _check_verifier(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9._~\-]{43,128}", value.get_secret_value(), re.ASCII):
            raise ValueError("must be 43 to 128 letters, digits or . _ ~ -")
        return value

    @model_validator(mode="after")
    def _check_complete(self) -> "ZaloSettings":
        if self.closed_after_hours < self.free_window_hours:
            raise ValueError("CLOSED_AFTER_HOURS must not be less than FREE_WINDOW_HOURS")
        missing = [name for name in ("app_id", "oa_id", "app_secret", "oa_secret") if not getattr(self, name)]
        if self.enabled and missing:
            raise ValueError(f"needs {', '.join(name.upper() for name in missing)} as well")
        return self
