"""Updates of Telegram that want something done rather than said."""

from typing import Any

import pytest

from channels.telegram.errands import Errand, errand_of
from tests.fakes import telegram_updates as made

WHO = 900_001


@pytest.mark.parametrize(
    ("update", "errand"),
    [
        (made.pressed(WHO, "1.2", callback="4711"), Errand(callback="4711")),
        (made.pressed(-100_200, "1.2"), Errand(callback="77")),
        (made.membership(-100_200, "left", "member"), Errand(group=-100_200)),
        (made.written(-100_200, "Chào"), Errand(group=-100_200)),
        (
            made.update("channel_post", {"chat": {"id": -100_9, "type": "channel"}}),
            Errand(group=-100_9, silently=True),
        ),
        (made.membership(-100_200, "member", "kicked"), None),
        (made.update("message", made.message(-100_200, left_chat_member={})), None),
        (made.update("message", made.message(-100_200, migrate_to_chat_id=-100_300)), None),
        (made.written(WHO, "Chào"), None),
        (made.membership(WHO, "kicked", "member"), None),
        ({"update_id": 5}, None),
    ],
)
def test_what_telegram_wants_done(update: dict[str, Any], errand: Errand | None) -> None:
    assert errand_of(made.body(update)) == errand
