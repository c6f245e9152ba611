"""The settings, their documentation, and the tokens."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.core.errors import ConfigurationError
from bot.settings import PROJECT_ROOT, Settings, load, unknown_variables, variables
from bot.settings.nested import EncoderSettings
from bot.settings.page import env_example, settings_page
from bot.tokens import with_tokens


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def test_defaults_keep_everything_generated_in_one_folder_of_the_project() -> None:
    settings = load(None)
    assert settings.data_dir == PROJECT_ROOT / "var"
    assert settings.models_dir == settings.data_dir
    assert settings.database_url == f"sqlite:///{PROJECT_ROOT}/var/tiepdan.db"
    assert str(settings.rasa_url) == "http://127.0.0.1:5005/"
    assert settings.base_url == "http://127.0.0.1:8080"


def test_what_is_derived_follows_what_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIEPDAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TIEPDAN_RASA_PORT", "5999")
    settings = load(None)
    assert settings.database_url == f"sqlite:///{tmp_path}/tiepdan.db"
    assert settings.index_dir == tmp_path / "index"
    assert settings.rasa_url.port == 5999


def test_environment_outranks_env_file_outranks_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("TIEPDAN_PORT=9001\nTIEPDAN_WORKERS=3\nTIEPDAN_ENCODER__NAME=một/bộ-mã\nOTHER=1\n", "utf-8")
    monkeypatch.setenv("TIEPDAN_PORT", "9002")
    settings = load(env_file)
    assert (settings.port, settings.workers, settings.encoder.name) == (9002, 3, "một/bộ-mã")
    assert settings.encoder.max_length == EncoderSettings().max_length


def test_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEPDAN_PORT", "")
    assert load(None).port == 8080


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TIEPDAN_PORT", "http", "TIEPDAN_PORT: Input should be a valid integer"),
        ("TIEPDAN_PORT", "70000", "TIEPDAN_PORT: Input should be less than or equal to 65535"),
        ("TIEPDAN_DATABASE_URL", "mysql://x", "TIEPDAN_DATABASE_URL: must begin with sqlite:///"),
        ("TIEPDAN_ENCODER__MAX_LENGTH", "1", "TIEPDAN_ENCODER__MAX_LENGTH: Input should be greater"),
        ("TIEPDAN_LEASE_SECONDS", "5", "TIEPDAN_LEASE_SECONDS: must be longer than TIEPDAN_RASA_TIMEOUT_SECONDS"),
        ("TIEPDAN_LOG_LEVEL", "loud", "TIEPDAN_LOG_LEVEL: Input should be 'debug', 'info'"),
    ],
)
def test_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load(None)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEPDAN_ACTION_TOKEN", "tooshort")
    with pytest.raises(ConfigurationError) as caught:
        load(None)
    assert "TIEPDAN_ACTION_TOKEN" in str(caught.value)
    assert "tooshort" not in str(caught.value)


def test_misspelt_setting_in_env_file_is_refused_with_a_hint(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("TIEPDAN_WORKER=3\n", "utf-8")
    with pytest.raises(ConfigurationError, match="no setting TIEPDAN_WORKER; did you mean TIEPDAN_WORKERS"):
        load(env_file)


def test_variables_that_are_no_settings_are_named_with_the_nearest() -> None:
    environment = {
        "TIEPDAN_WORKER": "3",
        "TIEPDAN_PORT": "1",
        "TIEPDAN_SHARED": "x",
        "TIEPDAN_ACTION_URL": "y",
        "HOME": "",
    }
    assert unknown_variables(environment) == [
        "không có cài đặt TIEPDAN_WORKER, biến này bị bỏ qua; có phải là TIEPDAN_WORKERS?"
    ]
    assert unknown_variables({"TIEPDAN_": "1"})[0].startswith("không có cài đặt TIEPDAN_,")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load(None).port = 1  # type: ignore[misc]


def test_child_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = with_tokens(
        load(None, data_dir=tmp_path, evaluation=True, encoder=EncoderSettings(query_prefix="hỏi"))
    )
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert load(None) == settings


def test_every_setting_is_documented() -> None:
    documented = variables()
    assert len(documented) >= len(Settings.model_fields)
    assert all(description for _, description in documented.values())
    page = (PROJECT_ROOT / "docs" / "settings.md").read_text("utf-8")
    example = (PROJECT_ROOT / ".env.example").read_text("utf-8")
    assert page == settings_page(), "run python -m bot.settings.page"
    assert example == env_example(), "run python -m bot.settings.page"
    assert all(f"`{name}`" in page and f"#{name}=" in example for name in documented)


def test_documented_defaults_are_accepted_as_they_are_written(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("".join(f"{name}={default}\n" for name, (default, _) in variables().items()), "utf-8")
    changed = {"database_url"}  # written relative, as sqlite takes it from the present folder
    assert load(env_file).model_dump(exclude=changed) == load(None).model_dump(exclude=changed)


def test_tokens_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    settings = load(None, data_dir=tmp_path)
    first = with_tokens(settings)
    assert first.rasa_token
    assert len({first.rasa_token, first.action_token, first.evaluation_token, first.session_key}) == 4
    assert with_tokens(settings) == first
    files = list(settings.tokens_dir.iterdir())
    assert len(files) == 4
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert first.rasa_token.get_secret_value() not in repr(first)


def test_token_that_was_set_is_kept_and_not_written(tmp_path: Path) -> None:
    settings = load(None, data_dir=tmp_path, rasa_token="x" * 20)
    with_token = with_tokens(settings)
    assert with_token.rasa_token
    assert with_token.rasa_token.get_secret_value() == "x" * 20
    assert not (settings.tokens_dir / "rasa_token").exists()


def test_damaged_token_file_is_one_clear_line(tmp_path: Path) -> None:
    settings = load(None, data_dir=tmp_path)
    settings.tokens_dir.mkdir()
    (settings.tokens_dir / "rasa_token").write_text("", "ascii")
    with pytest.raises(ConfigurationError, match="the token is damaged; delete the file"):
        with_tokens(settings)
