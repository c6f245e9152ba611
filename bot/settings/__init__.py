"""Every setting of Tiếp Dân: its name, default and meaning. `load` reads the environment, and nothing else does."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AnyHttpUrl, BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import ConfigurationError
from bot.settings.channels import ChannelsSettings
from bot.settings.console import ConsoleSettings
from bot.settings.hotline import HotlineSettings
from bot.settings.nested import BackendSettings, EncoderSettings, MetricsSettings
from bot.settings.telegram import TelegramSettings
from bot.settings.widget import WidgetSettings
from bot.settings.zalo import ZaloSettings

PROJECT_ROOT = Path(__file__).resolve().parents[2]
ENV_PREFIX = "TIEPDAN_"
NESTED = "__"
# Read by the test suite and .ci/run, not by the product.
NOT_SETTINGS = frozenset(f"TIEPDAN_{name}" for name in ("SHARED", "CHROMIUM", "REQUIRE_BROWSER", "REQUIRE_POSTGRES"))
FOR_RASA = frozenset({"TIEPDAN_ACTION_URL"})  # set by `tiepdan run` for Rasa's process

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


def _absolute(path: Path) -> Path:
    """Take relative paths from the checkout, so that every command sees the same data from any folder."""
    return (PROJECT_ROOT / path.expanduser()).resolve()


class Settings(BaseSettings):
    """The settings, frozen. The environment overrides `.env`, which overrides the defaults."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_file=PROJECT_ROOT / ".env",
        env_file_encoding="utf-8",
        env_nested_delimiter=NESTED,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        validate_default=True,
    )

    data_dir: Path = Field(
        Path("var"), description="Folder of everything generated: database, keys, tokens, models, index, logs."
    )
    models_dir: Path = Field(
        default_factory=lambda data: data["data_dir"],
        description="Folder of what is trained and built (encoder, index, Rasa model); by default the data folder.",
    )
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['data_dir']}/tiepdan.db",
        repr=False,  # may hold a password
        description="SQLAlchemy address of the database (sqlite or postgresql); by default a file in the data"
        " folder. SQLite serves exactly one service process.",
    )
    catalogue: Path = Field(
        Path("knowledge/catalogue"), description="Folder or file of the procedure catalogue that is served."
    )
    contacts_file: Path = Field(
        Path("bot/core/data/contacts.toml"), description="TOML file of the offices and numbers given to citizens."
    )

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: Port = Field(8080, description="Port the service listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    rasa_port: Port = Field(5005, description="Loopback port on which `tiepdan run` starts Rasa.")
    rasa_url: AnyHttpUrl = Field(
        default_factory=lambda data: AnyHttpUrl(f"http://127.0.0.1:{data['rasa_port']}"),
        description="Address of Rasa; by default the one that `tiepdan run` starts, else one in a private network.",
    )
    rasa_token: SecretStr | None = Field(
        None, min_length=16, description="Rasa's API token; made at the first start and kept in the data folder."
    )
    action_token: SecretStr | None = Field(
        None, min_length=16, description="Token Rasa shows when it calls the service's actions; made likewise."
    )

    evaluation: bool = Field(
        False,
        description="Accept a turn's own `now` and show conversation state, for `tiepdan evaluate`; never live.",
    )
    evaluation_token: SecretStr | None = Field(
        None, min_length=16, description="Token of the evaluation routes; made and kept likewise."
    )
    session_key: SecretStr | None = Field(None, min_length=16, description="Key of web sessions' tokens; likewise.")

    encoder: EncoderSettings = Field(EncoderSettings(), description="The sentence encoder.")
    backend: BackendSettings = Field(BackendSettings(), description="The complaint backend.")
    channels: ChannelsSettings = Field(ChannelsSettings(), description="What all platforms share.")
    zalo: ZaloSettings = Field(ZaloSettings(), description="The Zalo Official Account.")
    telegram: TelegramSettings = Field(TelegramSettings(), description="The Telegram bot.")
    widget: WidgetSettings = Field(WidgetSettings(), description="The web widget.")
    console: ConsoleSettings = Field(ConsoleSettings(), description="The operators' console.")
    hotline: HotlineSettings = Field(HotlineSettings(), description="The telephone hotline.")
    metrics: MetricsSettings = Field(MetricsSettings(), description="Figures for Prometheus.")

    max_body_bytes: int = Field(
        65_536, ge=1_024, le=10_485_760, description="Largest request body in bytes; more is refused with 413."
    )
    max_file_bytes: int = Field(
        10_485_760, ge=65_536, le=52_428_800, description="Largest file in bytes that a citizen may send."
    )
    max_files: int = Field(10, ge=1, le=100, description="Most files of one conversation.")
    max_waiting_messages: int = Field(
        20, ge=1, le=1_000, description="Most unanswered messages of one conversation; more are refused with 429."
    )

    rasa_timeout_seconds: Seconds = Field(6, description="Longest wait for Rasa's answer to one turn.")
    give_up_after_seconds: Seconds = Field(
        300, description="A turn unanswered for this long is closed with an apology."
    )
    lease_seconds: Seconds = Field(
        60, description="How long a worker owns a conversation; must be longer than the wait for Rasa."
    )
    workers: int = Field(8, ge=1, le=64, description="Turns handled at the same time by one service process.")
    session_hours: float = Field(168, gt=0, le=8_760, description="So many hours after it began a session is lost.")

    @field_validator("data_dir", "models_dir", "catalogue", "contacts_file", mode="after")
    @classmethod
    def _take_from_project_root(cls, path: Path) -> Path:
        return _absolute(path)

    @field_validator("database_url", mode="after")
    @classmethod
    def _check_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("lease_seconds", mode="after")
    @classmethod
    def _outlast_rasa(cls, seconds: float, info: Any) -> float:
        if seconds <= info.data.get("rasa_timeout_seconds", 0):
            raise ValueError("must be longer than TIEPDAN_RASA_TIMEOUT_SECONDS")
        return seconds

    def secret(self, name: str) -> str:
        """Return a token that `bot.tokens.with_tokens` has filled in. Raises ConfigurationError when it has not."""
        token = getattr(self, name)
        if not isinstance(token, SecretStr):
            raise ConfigurationError(f"{variable_name([name])} is not set and was not made")
        return token.get_secret_value()

    @property
    def encoder_dir(self) -> Path:
        """Folder of the encoder that the project trains."""
        return self.models_dir / "encoder"

    @property
    def index_dir(self) -> Path:
        """Folder of the built index."""
        return self.models_dir / "index"

    @property
    def rasa_dir(self) -> Path:
        """Folder of the trained Rasa model."""
        return self.models_dir / "rasa"

    @property
    def complaints_dir(self) -> Path:
        """Folder of the trained reader of behaviours."""
        return self.models_dir / "complaints"

    @property
    def backend_dir(self) -> Path:
        """Folder of the local complaint backend: its database, keys and secrets."""
        return self.data_dir / "backend"

    @property
    def keys_dir(self) -> Path:
        """Folder of the sealing keys."""
        return self.data_dir / "keys"

    @property
    def tokens_dir(self) -> Path:
        """Folder of the generated tokens."""
        return self.data_dir / "tokens"

    @property
    def logs_dir(self) -> Path:
        """Folder of the processes' logs."""
        return self.data_dir / "logs"

    @property
    def base_url(self) -> str:
        """Address under which the service is reached from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 -- compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def as_environment(self) -> dict[str, str]:
        """Return the variables from which `load` makes these very settings, secrets included."""
        return {name: value for name, value in _flat(self) if value is not None}


NESTED_MODELS: Mapping[str, type[BaseModel]] = {
    name: type(field.default) for name, field in Settings.model_fields.items() if isinstance(field.default, BaseModel)
}


def load(env_file: Path | None = PROJECT_ROOT / ".env", **overrides: Any) -> Settings:
    """Read the settings. Raises ConfigurationError, one line for each that is wrong."""
    try:
        settings = Settings(_env_file=env_file, **overrides)
        _refuse_unknown(env_file)
    except ValidationError as error:
        lines = [
            f"{variable_name([str(part) for part in item['loc']])}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
            if item["type"] != "default_factory_not_called"
        ]
        raise ConfigurationError("; ".join(lines)) from None
    return settings


def variable_name(path: list[str]) -> str:
    """Return the environment variable of a setting, such as TIEPDAN_ENCODER__NAME for ["encoder", "name"]."""
    return ENV_PREFIX + NESTED.join(part.upper() for part in path)


def variables() -> dict[str, tuple[str, str]]:
    """Return each variable with its default, as written, and its description, in order."""
    defaults = dict(_flat(Settings(_env_file=None, **_pristine())))
    rows: dict[str, tuple[str, str]] = {}
    for name, field in Settings.model_fields.items():
        if name in NESTED_MODELS:
            for inner, nested in NESTED_MODELS[name].model_fields.items():
                key = variable_name([name, inner])
                rows[key] = (defaults[key] or "", nested.description or "")
        else:
            default = (defaults[variable_name([name])] or "").replace(f"{PROJECT_ROOT}/", "")
            rows[variable_name([name])] = (default, field.description or "")
    return rows


def _pristine() -> dict[str, Any]:
    """Return every default as a constructor argument, which outranks the environment."""
    fixed = {name: field.default for name, field in Settings.model_fields.items() if not field.default_factory}
    data_dir = _absolute(fixed["data_dir"])
    return fixed | {
        "models_dir": data_dir,
        "database_url": f"sqlite:///{data_dir}/tiepdan.db",
        "rasa_url": f"http://127.0.0.1:{fixed['rasa_port']}",
    }


def _flat(settings: Settings) -> list[tuple[str, str | None]]:
    """Return (variable, value as text) of every setting, nested ones too."""
    pairs: list[tuple[str, str | None]] = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            pairs += [(variable_name([name, inner]), _text(part)) for inner, part in value]
        else:
            pairs.append((variable_name([name]), _text(value)))
    return pairs


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Return one line for each variable that begins like a setting and is none, with the nearest that is."""
    known = set(variables())
    return [
        f"không có cài đặt {name}, biến này bị bỏ qua{_nearest(name, known, '; có phải là {}?')}"
        for name in sorted(environment)
        if name.startswith(ENV_PREFIX) and name not in known | NOT_SETTINGS | FOR_RASA
    ]


def _nearest(name: str, known: set[str], hint: str) -> str:
    close = difflib.get_close_matches(name.upper(), known, 1)
    return hint.format(close[0]) if close else ""


def _refuse_unknown(env_file: Path | None) -> None:
    """Refuse a misspelt setting in `.env`, which would otherwise be passed over in silence."""
    written: Mapping[str, str | None] = dotenv_values(env_file) if env_file and env_file.exists() else {}
    known = set(variables())
    for name in written:
        if name.startswith(ENV_PREFIX) and name.upper() not in known | NOT_SETTINGS:
            hint = _nearest(name, known, "; did you mean {}?")
            raise ConfigurationError(f"{env_file}: there is no setting {name}{hint}")
