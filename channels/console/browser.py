"""What a browser brings along: the cookie, the page's origin, the address. Pure readings of a request."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import Request, Response

COOKIE = "tiepdan_console"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_TOKEN_CHARACTERS = 100
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Site:
    """Where the console is reached: `address` as browsers write it (scheme://host[:port]), empty where any is.

    `proxies` are the addresses of our own proxies, whose X-Forwarded-For is believed.
    """

    address: str = ""
    proxies: frozenset[str] = field(default_factory=frozenset)

    def is_ours(self, request: Request) -> bool:
        """True when the request comes from a page of ours, as far as the browser says where it comes from."""
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = request.headers.get("origin")
        if origin is None:
            return True
        if self.address:
            return origin == self.address
        told = urlsplit(origin)
        return told.scheme in {"http", "https"} and told.netloc == request.headers.get("host", "")

    def secure(self, request: Request) -> bool:
        """True unless the page is on this very machine over plain http: then a Secure cookie might not come back.

        Behind a proxy that ends TLS the request itself is plain; so it is the name that counts.
        """
        if self.address:
            told = urlsplit(self.address)
            return told.scheme == "https" or told.hostname not in _LOOPBACK
        return request.url.scheme == "https" or request.url.hostname not in _LOOPBACK

    def client(self, request: Request) -> str:
        """Return the caller's address, of IPv6 the network (a house has as many addresses as it likes)."""
        told = request.client.host if request.client else ""
        forwarded = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        while told in self.proxies and forwarded and forwarded[-1]:
            told = forwarded.pop()
        try:
            address = ipaddress.ip_address(told)
        except ValueError:
            return told[:64]
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address), 64), strict=False))


def token_of(request: Request) -> str:
    """Return the session token of the cookie, or "" for none that could be one."""
    token = request.cookies.get(COOKIE, "")
    return token if len(token) <= MAX_TOKEN_CHARACTERS else ""


def set_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser the session; it ends with the browser at the latest."""
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="strict", secure=secure)


def drop_cookie(response: Response, *, secure: bool) -> None:
    """Take it back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure)
