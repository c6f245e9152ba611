"""The service's side of Rasa: one HTTP call per turn."""

import asyncio
from http import HTTPStatus

import httpx

from bot.core.errors import DialogueFailed, DialogueUnavailable
from bot.core.messages import DialogueInput

MAX_CHARACTERS = 1_500
PRESS_BUTTON = "/press_button"


class RasaDialogue:
    """`bot.core.ports.Dialogue` over Rasa's REST channel (nlu/pipeline/channel.py).

    `timeout_seconds` bounds a whole turn, the action it calls included. A client given to the constructor is used
    as it is and is not closed.
    """

    def __init__(
        self, base_url: str, token: str, timeout_seconds: float, client: httpx.AsyncClient | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._timeout_seconds = timeout_seconds
        self._owned = client is None
        self._client = client or httpx.AsyncClient(timeout=timeout_seconds, trust_env=False)

    async def respond(self, message: DialogueInput) -> None:
        """Run one turn. Raises DialogueUnavailable on no connection, time-out or 5xx, DialogueFailed on no answer."""
        body = {
            "sender": message.conversation_id,
            "message": sendable(message.text),
            "metadata": {"turn_id": message.turn_id},
        }
        try:
            async with asyncio.timeout(self._timeout_seconds):
                response = await self._client.post(f"{self._base_url}/webhooks/rest/webhook", json=body)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueUnavailable(f"Rasa cannot be reached ({type(error).__name__})") from error
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise DialogueUnavailable(f"Rasa answered {response.status_code}")
        if response.status_code != HTTPStatus.OK:
            raise DialogueFailed(f"Rasa answered {response.status_code}")
        try:
            messages = response.json()
        except ValueError as error:
            raise DialogueFailed("Rasa's answer is not JSON") from error
        if not isinstance(messages, list) or not messages:
            raise DialogueFailed("Rasa's answer is empty")

    async def healthy(self) -> bool:
        """True when Rasa answers and has a model loaded."""
        try:
            response = await self._client.get(f"{self._base_url}/status", params={"token": self._token})
            return response.status_code == HTTPStatus.OK and bool(response.json().get("model_file"))
        except (httpx.HTTPError, ValueError, AttributeError):
            return False

    async def aclose(self) -> None:
        """Close the connections that this object opened itself."""
        if self._owned:
            await self._client.aclose()


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
