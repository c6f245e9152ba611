"""How many conversations may be opened: so many by one address, so many in all. In memory, of this process.

Addresses are kept as hashes under a key that nobody else has and that dies with the process.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from channels.web.problems import Problem

# So many addresses are remembered; of more, the one that came longest ago is forgotten.
MOST_ADDRESSES = 50_000
ONE_MINUTE = 60.0
_ROUNDING = 1e-6


@dataclass(frozen=True)
class OpeningLimits:
    """`per_address` conversations in `address_minutes`, all at once or spread; `per_minute` of all addresses.

    `header` names the one by which a proxy of ours tells the citizen's address; without it nobody behind a proxy is
    limited each, for all of them have its address. `hotline` is where somebody goes who cannot wait.
    """

    per_address: int = 60
    address_minutes: float = 10.0
    per_minute: int = 1_200
    header: str = ""
    hotline: str = ""


class Bucket:
    """Fills up at a steady rate; each taking needs a whole unit."""

    def __init__(self, most: int, seconds: float, now: float) -> None:
        self._most, self._rate = float(most), most / seconds
        self._left, self._at = float(most), now

    def wait(self, now: float) -> float:
        """Return the seconds until there is a unit, 0 for now."""
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 - _ROUNDING else (1 - self._left) / self._rate

    def take(self) -> None:
        """Take a unit, after `wait` gave 0."""
        self._left -= 1


class Doorkeeper:
    """Lets in, or says how long to wait. Call from the event loop."""

    def __init__(self, limits: OpeningLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._all = Bucket(limits.per_minute, ONE_MINUTE, clock())
        self._of: OrderedDict[bytes, Bucket] = OrderedDict()

    def admit(self, request: Request) -> None:
        """Count an opening. Raises Problem 429, with the seconds to wait, where there were too many."""
        now, one = self._clock(), self._bucket(request)
        wait = max(bucket.wait(now) for bucket in (self._all, one) if bucket)
        if wait:
            seconds = math.ceil(wait - _ROUNDING)
            raise Problem(429, code="too-many-conversations", detail=self._said(seconds), headers=_after(seconds))
        for bucket in (self._all, one):
            if bucket:
                bucket.take()

    def _bucket(self, request: Request) -> Bucket | None:
        address = citizens_address(request, self._limits.header)
        if address is None:
            return None
        hashed = hmac.digest(self._key, address.encode(), hashlib.sha256)[:16]
        if hashed not in self._of:
            seconds = self._limits.address_minutes * ONE_MINUTE
            self._of[hashed] = Bucket(self._limits.per_address, seconds, self._clock())
            if len(self._of) > MOST_ADDRESSES:
                self._of.popitem(last=False)
        self._of.move_to_end(hashed)
        return self._of[hashed]

    def _said(self, seconds: int) -> str:
        span = f"{seconds} giây" if seconds < ONE_MINUTE else f"{math.ceil(seconds / ONE_MINUTE)} phút"
        urgent = f" Cần gấp, anh/chị gọi {self._limits.hotline}." if self._limits.hotline else ""
        return (
            "Vừa có quá nhiều cuộc trò chuyện được mở cùng lúc nên tôi chưa mở thêm được. Anh/chị chờ khoảng"
            f" {span} rồi thử lại giúp tôi; cuộc trò chuyện đang có vẫn dùng được.{urgent}"
        )


def citizens_address(request: Request, header: str) -> str | None:
    """Return the address that an opening counts for; None where only a proxy's is known.

    The header is believed of a proxy alone, that is of an address of this machine or network: anybody can send it.
    """
    peer = _address(request.client.host if request.client else "")
    if peer is None:
        return None
    if peer.is_global:
        return _counted(peer)
    # What stands last was written by the proxy next to us; before it, by whoever.
    told = _address(request.headers.get(header, "").rpartition(",")[2].strip()) if header else None
    return None if told is None else _counted(told)


def _counted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """One household has 2^64 addresses of IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text[:64])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _after(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}
