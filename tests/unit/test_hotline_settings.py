"""The hotline's settings, and what they become."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings.hotline import HotlineSettings
from bot.wiring.hotline import admission_of, call_rules, dialler_of


def test_without_secrets_nobody_is_admitted() -> None:
    assert not admission_of(HotlineSettings()).any
    assert admission_of(HotlineSettings(query_token=SecretStr("q" * 16))).any


def test_extensions_are_pairs() -> None:
    assert HotlineSettings(extensions="101=lan.nt, 102=mai.tt,").principal_of == {"101": "lan.nt", "102": "mai.tt"}
    assert HotlineSettings().principal_of == {}
    for wrong in ("101", "101=", "=lan", "101=lan mai", "1=2=3=4 5"):
        with pytest.raises(ValidationError):
            HotlineSettings(extensions=wrong)


def test_short_secrets_are_refused() -> None:
    with pytest.raises(ValidationError):
        HotlineSettings(token=SecretStr("short"))


def test_days_become_rules() -> None:
    rules = call_rules(HotlineSettings(keep_lines_days=7, code_hours=2, missed_call_tasks=False, extensions="1=a"))
    assert (rules.keep_lines, rules.code_life) == (timedelta(days=7), timedelta(hours=2))
    assert (rules.missed_tasks, dict(rules.extensions)) == (False, {"1": "a"})


def test_the_address_that_dials_is_one_and_has_the_extension_alone_filled_in() -> None:
    for right in ("", "http://10.0.0.5:8088/goi", "https://pbx.test/{extension}/call?from={extension}"):
        assert HotlineSettings(dial_url=right).dial_url == right
    for wrong in ("pbx.test/goi", "ftp://pbx.test", "https://", "https://pbx.test/{number}", "https://pbx.test/{"):
        with pytest.raises(ValidationError):
            HotlineSettings(dial_url=wrong)


def test_without_an_address_nobody_is_dialled() -> None:
    assert dialler_of(HotlineSettings()) is None
    assert dialler_of(HotlineSettings(dial_url="https://pbx.test")) is not None
