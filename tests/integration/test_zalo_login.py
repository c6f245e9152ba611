"""Logging in: the consent link, PKCE, what comes back, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.channels.contract import Failure, Outgoing
from channels.zalo.oauth import OAuthFailed, challenge
from tests.integration.zalo_steps import CITIZEN, NOW, bench, called_back, failure

HELLO = Outgoing("k1", "Chào anh/chị")


def test_the_challenge_of_the_fact_sheet() -> None:
    assert challenge("0123456789abcdefghijABCDEFGHIJ0123456789abc") == "VkdBg9ne3S8bLjZkSxfD9CquNANOFHrFwhzRQWVXJ3g"


async def test_logging_in_stores_a_pair_that_sends() -> None:
    with bench() as on:
        on.store.state = None
        assert (await failure(on.channel.send(CITIZEN, HELLO))).failure is Failure.ALARM
        assert (await on.channel.tokens.age()).alarm == "none"
        login = on.channel.oauth.begin()
        assert len(login.verifier) == 43
        granted = await on.channel.oauth.complete(login, await called_back(on, login.link))
        await on.channel.tokens.adopt(granted, on.clock.now())
        assert await on.channel.send(CITIZEN, HELLO)
        assert on.store.state is not None
        assert on.store.state.expires_at == NOW + timedelta(hours=25)
        assert (await on.channel.tokens.age()).alarm == ""
        assert granted.access not in repr(granted) + repr(on.store.state)


async def test_a_login_that_is_not_ours_is_refused() -> None:
    with bench() as on:
        login = on.channel.oauth.begin()
        back = await called_back(on, login.link)
        for changed in ({"state": "x"}, {"oa_id": "7"}, {"code": ""}, {"code": "CODE99"}):
            with pytest.raises(OAuthFailed):
                await on.channel.oauth.complete(login, back | changed)
        with pytest.raises(OAuthFailed) as refused:
            await on.channel.oauth.complete(replace(login, verifier="x" * 43), back)
        assert refused.value.code == "-14010"
        with pytest.raises(OAuthFailed):  # the code is good once
            await on.channel.oauth.complete(login, back)


async def test_a_late_code_is_refused() -> None:
    with bench() as on:
        login = on.channel.oauth.begin()
        back = await called_back(on, login.link)
        on.later(minutes=11)
        with pytest.raises(OAuthFailed) as refused:
            await on.channel.oauth.complete(login, back)
        assert refused.value.code == "-14019"


async def test_a_fixed_verifier_serves_where_the_console_keeps_one() -> None:
    with bench(pkce_verifier="v" * 43) as on:
        assert challenge("v" * 43) in on.channel.oauth.begin().link
