"""Settings that all channels outside the web share, TIEPDAN_CHANNELS__…; each platform has a file of its own."""

from pydantic import BaseModel, ConfigDict, Field


class ChannelsSettings(BaseModel):
    """How messages of the platforms are read and answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zalo_wait_seconds: float = Field(
        1,
        ge=0,
        le=30,
        description="So long after a message on Zalo the next is waited for; they are answered together.",
    )
    telegram_wait_seconds: float = Field(1, ge=0, le=30, description="Likewise on Telegram.")
    officer_pause_minutes: float = Field(
        30,
        ge=1,
        le=1_440,
        description="So long the assistant keeps silent after an officer wrote in the platform's own console.",
    )
    messages_per_minute: int = Field(
        30, ge=1, le=600, description="Messages of one citizen that are read in a minute; more wait, none is dropped."
    )
    messages_per_second: int = Field(
        50, ge=1, le=1_000, description="Messages of one channel that are read in a second by one process; more wait."
    )
    retention_days: int = Field(
        90,
        ge=14,
        le=3_650,
        description="So many days after they were dealt with, platforms' bodies, messages as typed, handed-over"
        " copies and ended web sessions are deleted; conversations (numbers masked) and cases stay.",
    )
    vosk_model: str = Field(
        "", description="Folder of a Vosk model for voice messages (needs ffmpeg and vosk); empty: none are heard."
    )
    max_body_bytes: int = Field(
        262_144, ge=16_384, le=4_194_304, description="Largest body of a platform's webhook in bytes."
    )
