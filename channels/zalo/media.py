"""Fetching files from Zalo's hosts: only from there, only from public addresses, never more than the limit.

An address in a webhook is what a stranger could make us open. So the host must be on a list, the address that its
name resolves to is checked and then connected to (a name cannot change between the two), and every redirect is
checked in the same way.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.core.channels.contract import Failure, Media, MediaRefused, SendFailed
from channels.zalo.web import client

MAX_REDIRECTS = 3
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})+", re.ASCII)
_TYPES = ("image/", "audio/", "video/")
_DOCUMENTS = frozenset({
    "", "application/octet-stream", "binary/octet-stream", "application/pdf", "application/msword", "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel",
})  # fmt: skip
# Pictures that are programs.
_ACTIVE = frozenset({"image/svg+xml"})

Resolve = Callable[[str], Awaitable[list[str]]]


async def resolve(host: str) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class MediaRules:
    """`hosts`: names, and all below a name as `*.zdn.vn`. `seconds`: for a whole file.

    `origins`: exact origins (`http://127.0.0.1:9000`) that are opened without these checks: fake servers in tests.
    """

    hosts: tuple[str, ...] = ("*.zdn.vn",)
    seconds: float = 60.0
    origins: tuple[str, ...] = ()


class Fetcher:
    """Fetches files. Constructing one opens nothing."""

    def __init__(
        self,
        rules: MediaRules,
        resolver: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._rules = rules
        self._resolve = resolver
        self._transport = transport

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Return a file of at most `limit` bytes. Raises MediaRefused or SendFailed (RETRY, WAIT)."""
        if media.size is not None and media.size > limit:
            raise MediaRefused("size")
        try:
            async with asyncio.timeout(self._rules.seconds):
                return await self._follow(media.ref, limit)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise SendFailed(Failure.RETRY, "no-file") from error
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise MediaRefused("host") from None

    async def _follow(self, address: str, limit: int) -> bytes:
        async with client(httpx.Timeout(20.0, connect=10.0), self._transport) as web:
            for _ in range(MAX_REDIRECTS + 1):
                request = await self._request(web, address)
                answer = await web.send(request, stream=True, follow_redirects=False)
                try:
                    if not answer.has_redirect_location:
                        return await _content(answer, limit)
                    # Relative to the address as it was named, not as it was pinned.
                    address = str(httpx.URL(address).join(answer.headers["location"]))
                finally:
                    await answer.aclose()
        raise MediaRefused("host")

    async def _request(self, web: httpx.AsyncClient, address: str) -> httpx.Request:
        """Return the request to the checked and pinned address. Raises MediaRefused, OSError."""
        url = httpx.URL(address)
        headers = {"Accept-Encoding": "identity", "User-Agent": "tiepdan"}
        if not url.userinfo and f"{url.scheme}://{url.netloc.decode('ascii')}" in self._rules.origins:
            return web.build_request("GET", url, headers=headers)
        host = url.raw_host.decode("ascii").lower()
        if url.scheme != "https" or url.userinfo or url.port not in (None, 443) or not self._allowed(host):
            raise MediaRefused("host")
        addresses = await self._resolve(host)
        if not addresses or not all(map(is_public, addresses)):
            raise MediaRefused("host")
        pinned = url.copy_with(host=addresses[0])
        return web.build_request("GET", pinned, headers={**headers, "Host": host}, extensions={"sni_hostname": host})

    def _allowed(self, host: str) -> bool:
        if not _HOST.fullmatch(host):
            return False
        return any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in self._rules.hosts)


def host_of(address: str) -> str:
    """Return the host of an address for a log, "?" where it has none that could be a name."""
    try:
        host = httpx.URL(address).host
    except (httpx.InvalidURL, ValueError):
        return "?"
    return host if len(host) < 254 and _HOST.fullmatch(host) else "?"


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not of this machine, this network, or a way back into it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # Addresses that carry an IPv4 address lead there.
        if ip.sixtofour or ip.teredo or ip in _NAT64:
            return False
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def _content(answer: httpx.Response, limit: int) -> bytes:
    """Return the body of an answer. Raises MediaRefused, SendFailed."""
    status = answer.status_code
    if status in (401, 403, 404, 410):
        raise MediaRefused("gone")
    if status == 429:
        raise SendFailed(Failure.WAIT, "http-429", timedelta(minutes=1))
    if status != 200:
        raise SendFailed(Failure.RETRY, f"http-{status}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _ACTIVE or not (kind.startswith(_TYPES) or kind in _DOCUMENTS):
        raise MediaRefused("type")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaRefused("type")
    claimed = answer.headers.get("content-length", "")
    if claimed.isascii() and claimed.isdigit() and int(claimed[:20]) > limit:
        raise MediaRefused("size")
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > limit:
            raise MediaRefused("size")
    if claimed.isascii() and claimed.isdigit() and len(body) < int(claimed[:20]):
        raise SendFailed(Failure.RETRY, "short-file")
    if not body:
        raise MediaRefused("gone")
    return bytes(body)
