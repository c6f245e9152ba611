"""The service's side of Rasa: one HTTP call per turn."""

import json
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.core.errors import DialogueFailed, DialogueUnavailable
from bot.core.messages import DialogueInput

MAX_CHARACTERS = 1_500
PRESS_BUTTON = "/press_button"


class RasaDialogue:
    """`bot.core.ports.Dialogue` over Rasa's REST channel (nlu/pipeline/channel.py).

    `timeout_seconds` bounds a whole turn, the action it calls included. Connections are opened on first use and kept.
    aiohttp and not the httpx of the other adapters: every turn comes by here, and httpx takes a tenth of its time.
    """

    def __init__(self, base_url: str, token: str, timeout_seconds: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._opened: aiohttp.ClientSession | None = None

    async def respond(self, message: DialogueInput) -> None:
        """Run one turn. Raises DialogueUnavailable on no connection, time-out or 5xx, DialogueFailed on no answer."""
        body = {
            "sender": message.conversation_id,
            "message": sendable(message.text),
            "metadata": {"turn_id": message.turn_id},
        }
        try:
            async with self._session().post(f"{self._base_url}/webhooks/rest/webhook", json=body) as response:
                messages = await _json(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DialogueUnavailable(f"Rasa cannot be reached ({type(error).__name__})") from error
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise DialogueUnavailable(f"Rasa answered {response.status}")
        if response.status != HTTPStatus.OK:
            raise DialogueFailed(f"Rasa answered {response.status}")
        if messages is None:
            raise DialogueFailed("Rasa's answer is not JSON")
        if not isinstance(messages, list) or not messages:
            raise DialogueFailed("Rasa's answer is empty")

    async def healthy(self) -> bool:
        """True when Rasa answers and has a model loaded."""
        try:
            async with self._session().get(f"{self._base_url}/status", params={"token": self._token}) as response:
                told = await _json(response)
        except (aiohttp.ClientError, TimeoutError):
            return False
        return response.status == HTTPStatus.OK and isinstance(told, dict) and bool(told.get("model_file"))

    async def aclose(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:  # made where the loop runs; proxies of the environment are not asked
            # Rasa's server closes a connection that was idle for 5 s: one that it may be closing is not used again.
            connector = aiohttp.TCPConnector(keepalive_timeout=4)
            cookies = aiohttp.DummyCookieJar()
            self._opened = aiohttp.ClientSession(connector=connector, timeout=self._timeout, cookie_jar=cookies)
        return self._opened


async def _json(response: aiohttp.ClientResponse) -> Any:
    """Return the body, or None where it is no JSON."""
    try:
        return json.loads(await response.read())
    except ValueError:
        return None


def sendable(text: str) -> str:
    """Return the text as Rasa may see it: at most 1,500 characters, cut between words, and never a command.

    Rasa takes any text that begins with a slash for an intent; only /press_button, which the service sends itself,
    is meant so. Rasa also needs some text: an empty one becomes «?».
    """
    text = text.strip()
    if text == PRESS_BUTTON:
        return text
    text = text.lstrip("/ ")
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS + 1].rsplit(maxsplit=1)[0][:MAX_CHARACTERS]
    return text or "?"
