"""Rasa's REST channel with honest status codes: the stock one answers 200 with [] when a turn fails."""

import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

log = logging.getLogger(__name__)
MAX_MESSAGE_CHARACTERS = 4_000


class TurnInput(RestInput):
    """POST /webhooks/rest/webhook {sender, message, metadata}: 200 with the messages of the turn.

    400 for a body without sender or message, or with too long a message; 500 when the turn raised; 502 when it
    ended without a message, which means that its action failed.
    """

    @classmethod
    def name(cls) -> str:
        """Return the stock channel's name, and with it its address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        blueprint = Blueprint("turn_input", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:  # noqa: ARG001
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            message = _user_message(body) if isinstance(body, dict) else None
            if message is None:
                return response.json({"error": "sender and message are required"}, status=400)
            try:
                await on_new_message(message)
            except CancelledError:
                return response.json({"error": "cancelled"}, status=503)
            except Exception as error:
                log.error("turn failed: %s", type(error).__name__)
                return response.json({"error": "the turn failed"}, status=500)
            messages = message.output_channel.messages
            if not messages:
                return response.json({"error": "the turn gave no message"}, status=502)
            return response.json(messages)

        return blueprint


def _user_message(body: dict[str, Any]) -> UserMessage | None:
    """Return the message of a request body, or None where it is unusable."""
    sender, text, metadata = body.get("sender"), body.get("message"), body.get("metadata")
    if not isinstance(sender, str) or not sender or not isinstance(text, str) or not text:
        return None
    if len(text) > MAX_MESSAGE_CHARACTERS or not isinstance(metadata, dict | None):
        return None
    return UserMessage(text, CollectingOutputChannel(), sender, input_channel="rest", metadata=metadata)
