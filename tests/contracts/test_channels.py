"""Every channel runs the suites of its rig's traits, and no others: what does not apply is left out on purpose."""

from types import ModuleType

import pytest

from tests.contracts import test_channel_memory, test_channel_telegram, test_channel_web, test_channel_zalo
from tests.contracts.channel_rig import PLATFORM, Trait
from tests.contracts.channel_suite import SUITES

CHANNELS: dict[str, tuple[ModuleType, frozenset[Trait]]] = {
    "memory": (test_channel_memory, test_channel_memory.MemoryRig.traits),
    "telegram": (test_channel_telegram, test_channel_telegram.TelegramRig.traits),
    "web": (test_channel_web, test_channel_web.WebRig.traits),
    "zalo": (test_channel_zalo, test_channel_zalo.ZaloRig.traits),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_runs_the_suites_of_its_traits(name: str) -> None:
    module, traits = CHANNELS[name]
    own = [value for value in vars(module).values() if isinstance(value, type) and value.__name__.startswith("Test")]
    run = {suite for suite in SUITES if any(suite in kind.__bases__ for kind in own)}
    assert run == {suite for suite, trait in SUITES.items() if trait is None or trait in traits}


def test_each_trait_has_its_suite_and_each_suite_a_channel() -> None:
    asked = [trait for trait in SUITES.values() if trait is not None]
    assert sorted(asked) == sorted(Trait)
    assert {trait for _, traits in CHANNELS.values() for trait in traits} == set(Trait)
    assert CHANNELS["zalo"][1] == CHANNELS["telegram"][1] == PLATFORM
