"""A recording sent on the web, through the real service and the real Rasa."""

from typing import Any

import httpx
import pytest

from bot.webclient import WebClient
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
OGG = b"OggS" + bytes(200)


def test_where_nobody_hears_it_is_said_and_the_talk_goes_on(running_stack: RunningStack) -> None:
    async def run() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=60) as http:
            client = WebClient(http)
            session, heard = await client.open(), []
            sent = await http.post(
                f"/api/files/{session.id}", params={"name": "ghi-am.ogg"}, content=OGG, headers=session.headers
            )
            assert sent.status_code == 201, sent.text
            button = f"file:{sent.json()['id']}"
            for text, pressed in (("Tệp: ghi-am.ogg", button), ("lập hội ở xã cần giấy tờ gì", None)):
                sequence = await client.post(session, text, pressed)
                heard.append((await client.reply(session, sequence))["body"])
            return heard

    unheard, answer = running_stack.run(run())
    assert unheard["act"] == "channel_voice_unheard"
    assert "nhắn chữ" in unheard["text"]
    assert answer["data"]["procedure"] == "NV025"
