"""Connections to Zalo: a client for each call, one TLS context for all of them."""

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """Return the context that checks certificates; making one takes longer than a call."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def client(timeout: httpx.Timeout, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return a client for one call. Proxies of the environment are not used: secrets travel here."""
    return httpx.AsyncClient(trust_env=False, timeout=timeout, transport=transport, verify=tls())
