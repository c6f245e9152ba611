"""The web channel: REST, server-sent events and the chat page at `/`."""

from channels.web.middleware import BodyLimit
from channels.web.notifier import InProcessNotifier, Notifier, Subscription
from channels.web.opening import Doorkeeper, OpeningLimits
from channels.web.plain import plain_router
from channels.web.router import web_router
from channels.web.sessions import WebChannelSettings, WebSessions
from channels.web.setup import install_web_channel

__all__ = [
    "BodyLimit",
    "Doorkeeper",
    "InProcessNotifier",
    "Notifier",
    "OpeningLimits",
    "Subscription",
    "WebChannelSettings",
    "WebSessions",
    "install_web_channel",
    "plain_router",
    "web_router",
]
