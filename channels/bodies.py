"""Bodies that strangers post, read as far as allowed."""

from fastapi import Request


async def body_of(request: Request, limit: int) -> bytes | None:
    """Return the body, None where it is longer than `limit`. Raises ClientDisconnect where it breaks off."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
