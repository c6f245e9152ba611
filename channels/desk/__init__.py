"""The desk of complaint officers and units: a JSON API under /api/desk, for people with a token."""

from channels.desk.gate import Gate, token_hash
from channels.desk.router import PREFIX, desk_router
from channels.desk.setup import install_desk

__all__ = ["PREFIX", "Gate", "desk_router", "install_desk", "token_hash"]
