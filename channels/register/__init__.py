"""The public register of answers: the page /phan-anh and /api/register, for everybody."""

from channels.register.router import register_router

__all__ = ["register_router"]
