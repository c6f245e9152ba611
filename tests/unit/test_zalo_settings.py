"""Settings of the Zalo channel: each uncertain fact is one, and each one changes what it says it does."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import PROJECT_ROOT
from bot.settings.zalo import VARIANT_NAMES, ZaloSettings
from bot.wiring.zalo import zalo_rules
from channels.zalo.signature import VARIANTS

IDS: dict[str, Any] = {"app_id": "1", "oa_id": "2", "app_secret": "a", "oa_secret": "b"}


def test_the_defaults_are_complete_and_off() -> None:
    settings = ZaloSettings()
    assert not settings.enabled
    rules = zalo_rules(settings)
    assert rules.api.url == "https://openapi.zalo.me"
    assert rules.media.hosts == ("*.zdn.vn",)
    assert rules.media.origins == ()
    assert rules.oauth.lost_codes == {-14014, -14020}


def test_the_names_of_variants_are_those_of_the_channel() -> None:
    assert tuple(map(str, VARIANTS)) == VARIANT_NAMES
    assert [str(v) for v in zalo_rules(ZaloSettings(signature_variants="oa_id-body-oa")).signature.variants] == [
        "oa_id-body-oa"
    ]


def test_what_costs_money_is_not_sent_by_default() -> None:
    assert zalo_rules(ZaloSettings()).closed_after == timedelta(hours=48)
    assert zalo_rules(ZaloSettings(paid_replies=True)).closed_after == timedelta(days=7)


@pytest.mark.parametrize(
    "values",
    [{"signature_variants": "mac"}, {"oa_id": "abc"}, {"refresh_lost_codes": "x"}, {"media_hosts": "*"},
     {"media_hosts": "*.vn/x"}, {"pkce_verifier": "short"}, {"text_limit": 2_001}, {"requests_per_minute": 4_001},
     {"free_window_hours": 100, "closed_after_hours": 50}, {"button_prefix": "chon:"}, {"unknown": 1},
     {"event_max_age_hours": 1}, {"enabled": True}, {"enabled": True, **IDS, "oa_secret": None},
     {"verifier_page": "zalo_verifier.html"}, {"verifier_page": "../zalo_verifierAbc123_xyz-0.html"},
     {"verifier_page": 'zalo_verifierAbc123"><script>.html'}, {"verifier_page": "zalo_verifierAbc123_xyz-0.htm"},
     {"verifier_page": "zalo_verifierAbc123_xyz-0.html\n"}, {"verifier_page": "index.html"},
     {"notice_template_id": "x"}, {"notice_template_data": "ngay"}, {"notice_template_data": "a={phone}"}],
)  # fmt: skip
def test_wrong_values_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ZaloSettings(**values)


def test_the_channel_can_be_switched_on() -> None:
    settings = ZaloSettings(enabled=True, **IDS)
    assert "'a'" not in repr(settings)
    assert "SECRET" not in repr(zalo_rules(ZaloSettings(app_secret="SECRET", oa_secret="SECRET")))  # type: ignore[arg-type]


UNCERTAIN = (
    "signature_variants", "pkce_verifier", "list_template", "button_template_type", "event_max_age_hours",
    "refused_status", "refresh_lost_codes", "audio_endings", "followers_only", "paid_replies", "media_hosts",
    "own_admin_ids", "notice_template_tracking",
)  # fmt: skip


@pytest.mark.parametrize("name", UNCERTAIN)
def test_uncertain_facts_say_so(name: str) -> None:
    assert (ZaloSettings.model_fields[name].description or "").startswith("Uncertain: ")


@pytest.mark.parametrize("name", UNCERTAIN)
def test_uncertain_facts_are_in_the_guide(name: str) -> None:
    guide = (PROJECT_ROOT / "docs" / "zalo.md").read_text("utf-8")
    table = guide[guide.index("## 8.") :]
    assert f"`{name.upper()}`" in table


def test_every_setting_is_explained() -> None:
    for name, field in ZaloSettings.model_fields.items():
        assert field.description, name
        assert name in UNCERTAIN or not field.description.startswith("Uncertain")
