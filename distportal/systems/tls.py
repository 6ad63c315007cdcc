"""Whom we believe over https: read from the disk once a process, not for each client."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """httpx's own trust (certifi's roots, or SSL_CERT_FILE). To read it takes some 15 ms, so clients share it; a
    process sees new roots after its next start.
    """
    return httpx.create_ssl_context()
