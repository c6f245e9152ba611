"""Settings of the console: what cannot work is refused at the start, in one line."""

import pytest
from pydantic import SecretStr

from bot.core.errors import ConfigurationError
from bot.settings import load, variables
from bot.settings.console import ConsoleSettings
from bot.wiring.console import oidc_rules

PROVIDER = {
    "OIDC_ISSUER": "https://dangnhap.example.vn/realms/so",
    "OIDC_CLIENT_ID": "tiepdan",
    "OIDC_CLIENT_SECRET": "bí mật",
    "ADDRESS": "https://Tiepdan.example.vn/",
}


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"TIEPDAN_CONSOLE__{name}", value)


def test_without_any_setting_there_is_no_single_sign_on() -> None:
    chosen = load(None).console
    assert (chosen.idle_minutes, chosen.session_hours, chosen.account_failures) == (30, 12, 5)
    assert chosen.oidc_issuer == chosen.address == ""
    assert chosen.proxy_set == frozenset()


def test_a_whole_provider_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, PROVIDER)
    settings = load(None)
    rules = oidc_rules(settings.console)
    assert rules.redirect_uri == "https://tiepdan.example.vn/api/console/session/sso/callback"
    assert rules.client_secret == "bí mật"
    assert "bí mật" not in repr(settings)
    assert isinstance(settings.console.oidc_client_secret, SecretStr)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ADDRESS", "", "TIEPDAN_CONSOLE__ADDRESS"),
        ("OIDC_CLIENT_ID", "", "TIEPDAN_CONSOLE__OIDC_CLIENT_ID"),
        ("OIDC_ISSUER", "http://dangnhap.example.vn", "https://"),
        ("OIDC_ISSUER", "http://127.0.0.1.example.vn", "https://"),
        ("OIDC_SCOPES", "email profile", "openid"),
        ("ADDRESS", "tiepdan.example.vn", "no address"),
        ("ADDRESS", "https://tiepdan.example.vn/ban-lam-viec", "no address"),
        ("ADDRESS", "javascript:alert(1)", "no address"),
        ("PROXIES", "10.0.0.1, proxy.example.vn", "no IP address"),
        ("IDLE_MINUTES", "0", "IDLE_MINUTES"),
        ("SESSION_HOURS", "1000", "SESSION_HOURS"),
        ("ACCOUNT_FAILURES", "0", "ACCOUNT_FAILURES"),
    ],
)
def test_what_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    set_all(monkeypatch, {**PROVIDER, name: value})
    with pytest.raises(ConfigurationError) as raised:
        load(None)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "bí mật" not in str(raised.value)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000", "http://localhost/realms/x", "http://[::1]:9"])
def test_a_provider_on_this_machine_may_be_plain(issuer: str) -> None:
    given = {"oidc_issuer": issuer, "oidc_client_id": "x", "address": "http://127.0.0.1:8080"}
    assert ConsoleSettings(**given).oidc_issuer == issuer


def test_proxies_are_written_with_spaces_or_commas() -> None:
    assert ConsoleSettings(proxies="10.0.0.1,  10.0.0.2 ::1").proxy_set == {"10.0.0.1", "10.0.0.2", "::1"}
