"""The connection from Rasa to the service's actions, kept open between turns."""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig


class KeptAliveEndpoint(EndpointConfig):
    """An endpoint whose connections are reused; the stock one opens a new one for each call."""

    def __init__(self, url: str, token: str | None = None, timeout_seconds: float = 60.0) -> None:
        super().__init__(url=url, token=token)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._open: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send a request and return the JSON answer. Raises ClientResponseError from status 400 up."""
        if subpath or content_type != "application/json":
            raise ValueError("only calls of actions go through this endpoint")
        if self._open is None or self._open.closed:
            self._open = aiohttp.ClientSession()
        kwargs["timeout"] = self._timeout
        parameters = self.combine_parameters(kwargs)
        async with self._open.request(method, self.url, params=parameters, compress=compress, **kwargs) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.content.read())
            return await response.json()
