"""Asking a switchboard over HTTP to connect an extension with a number (click to dial)."""

import logging
from urllib.parse import quote

import httpx

from bot.core.errors import DialFailed

log = logging.getLogger(__name__)
EXTENSION = "{extension}"


class HttpDialler:
    """POSTs {"extension", "number"} to an address in which `{extension}` stands for the operator's.

    The number is in the body alone, so that it is in no log of addresses. `token` goes as «Authorization: Bearer».
    """

    def __init__(self, url: str, token: str, seconds: float, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._seconds = seconds
        self._transport = transport

    def connect(self, extension: str, number: str) -> None:
        """Ask. Raises DialFailed unless the switchboard says 2xx in time; it is not asked again."""
        url = self._url.replace(EXTENSION, quote(extension, safe=""))
        try:
            with httpx.Client(timeout=self._seconds, transport=self._transport, trust_env=False) as client:
                answer = client.post(url, json={"extension": extension, "number": number}, headers=self._headers)
        except httpx.HTTPError as error:
            # The error's own words may quote what was sent.
            log.warning("the switchboard was not reached", extra={"cause": type(error).__name__})
            raise DialFailed("the switchboard was not reached") from None
        if not answer.is_success:
            log.warning("the switchboard refused to dial", extra={"status": answer.status_code})
            raise DialFailed("the switchboard refused")
