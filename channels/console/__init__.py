"""The operators' console: a page at /ban-lam-viec and its JSON API under /api/console."""

from channels.console.access import SignedIn
from channels.console.matrix import PREFIX
from channels.console.setup import install_console

__all__ = ["PREFIX", "SignedIn", "install_console"]
