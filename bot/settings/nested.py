"""Settings that come in groups: the encoder, the complaint backend, metrics."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class EncoderSettings(BaseModel):
    """Which sentence-transformers model turns text into vectors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        "",
        description="Model name or path for SentenceTransformer; empty means the encoder the project trains itself.",
    )
    query_prefix: str = Field("", description="Put before each question, as some models expect («query: »).")
    passage_prefix: str = Field("", description="Put before each passage, as some models expect («passage: »).")
    max_length: int = Field(
        256, ge=16, le=8192, description="Longest text in tokens that the encoder reads; the rest is cut."
    )


class BackendSettings(BaseModel):
    """The complaint backend that cases are handed over to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["local", "http"] = Field(
        "local",
        description="`local` is the small backend inside this service; `http` another system (docs/backend.md).",
    )
    url: str = Field("", description="Address of the `http` backend.")
    secret_file: str = Field(
        "",
        description="File of the shared secrets, «name secret» a line, the first one signs; empty: made by `local`.",
    )
    ca_file: str = Field("", description="Root certificates of the backend, where they are not the system's.")
    client_cert: str = Field("", description="Our certificate (PEM), where the backend asks for one.")
    client_key: str = Field("", description="Key of that certificate (PEM).")
    allow_plain: bool = Field(False, description="Allow plain http beyond this machine (a private network).")
    request_seconds: float = Field(20, gt=0, le=300, description="Longest wait for the backend's answer.")
    poll_seconds: float = Field(60, gt=0, le=86_400, description="How often undecided cases are asked about.")


class MetricsSettings(BaseModel):
    """Figures for Prometheus at /metrics (docs/console.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(True, description="Answer at /metrics.")
    token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Token that Prometheus shows (Authorization: Bearer); empty: only callers on this machine that"
        " come through no proxy are answered.",
    )
    cache_seconds: float = Field(
        15, ge=15, le=3_600, description="Longest age in seconds of the figures; until then nothing is counted anew."
    )
