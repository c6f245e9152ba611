"""The web channel: REST, server-sent events and the chat page at `/`."""

from channels.web.middleware import BodyLimit
from channels.web.notifier import InProcessNotifier, Notifier, Subscription
from channels.web.router import web_router
from channels.web.sessions import WebChannelSettings
from channels.web.setup import install_web_channel

__all__ = [
    "BodyLimit",
    "InProcessNotifier",
    "Notifier",
    "Subscription",
    "WebChannelSettings",
    "install_web_channel",
    "web_router",
]
