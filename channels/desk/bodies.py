"""What every request of the desk is checked for, and every answer marked with."""

from fastapi import Request, Response

from channels.web.problems import Problem


async def no_store(response: Response) -> None:
    """Let nobody keep an answer."""
    response.headers["Cache-Control"] = "no-store"


async def require_json(request: Request) -> None:
    """Refuse any body that is not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415)
