"""One POST to somebody else's address: every address of the name is judged, one of these is connected to, and no other.

No redirect is followed, no proxy or cookie is used; the whole try has one deadline, the answer a limit.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from distportal.common.network_words import network_words
from distportal.webhooks.addresses import refusal_of
from distportal.webhooks.errors import AddressRefused
from distportal.webhooks.looking_up import LookUpLate, addresses_of

TRY_SECONDS = 10.0
CONNECT_SECONDS = 5.0
MOST_ANSWER_BYTES = 16 * 1024
_BROKEN = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, or why nothing did; `body` is its beginning."""

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str = ""
    seconds: float = 0.0

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class _Deadline:
    at: float

    def left(self, asked: float | None) -> float:
        """Seconds that may be waited now. Raises ReadTimeout when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, asked) if asked else left


class _Stream(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Judging(httpcore.NetworkBackend):
    """Connects to an address that was judged, never to a name: what the name leads to a moment later does not count."""

    def __init__(self, deadline: _Deadline, *, loopback: bool) -> None:
        self._deadline, self._loopback, self._inner = deadline, loopback, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        found = judged_addresses(host, port, loopback=self._loopback, seconds=self._deadline.left(timeout))
        for place, address in enumerate(found, 1):
            try:
                plain = self._inner.connect_tcp(address, port, self._deadline.left(timeout), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(found):
                    raise
                continue
            return _Stream(plain, self._deadline)
        raise httpcore.ConnectError(f"{host} has no address")


def judged_addresses(host: str, port: int, *, loopback: bool, seconds: float) -> list[str]:
    """The IP addresses of a name, looked up within so many seconds. Raises AddressRefused where one of them is not
    public, ConnectError for no such name, LookUpLate where the resolver does not answer.

    One bad address spoils all: whoever mixes them hopes that we take turns.
    """
    found = addresses_of(host, port, seconds=seconds)
    for address in found:
        if why := refusal_of(address, loopback=loopback):
            raise AddressRefused(f"{host}: {why}; nothing was sent")
    return found


def post(url: str, *, headers: Mapping[str, str], body: bytes, loopback: bool) -> Answer:
    """What the address answered to the body; never raises for what the other side does."""
    began = time.monotonic()
    deadline = _Deadline(began + TRY_SECONDS)
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    limits = {"connect": CONNECT_SECONDS, "read": TRY_SECONDS, "write": TRY_SECONDS, "pool": TRY_SECONDS}
    backend = _Judging(deadline, loopback=loopback)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=told, content=body, extensions={"timeout": limits}) as response,
        ):
            found = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
            return Answer(
                status=response.status, headers=found, body=_beginning(response), seconds=time.monotonic() - began
            )
    except AddressRefused as error:
        why = error.message
    except LookUpLate as error:
        why = str(error)
    except httpcore.ConnectTimeout:
        why = f"no connection within {CONNECT_SECONDS:g} seconds"
    except httpcore.TimeoutException:
        why = f"no whole answer within {TRY_SECONDS:g} seconds"
    except (*_BROKEN, httpcore.UnsupportedProtocol) as error:
        why = network_words(error)
    return Answer(error=why[:300], seconds=time.monotonic() - began)


def _beginning(response: httpcore.Response) -> bytes:
    """The status is what counts: a body that does not end is left where it is."""
    found = b""
    try:
        for part in response.iter_stream():
            found += part
            if len(found) >= MOST_ANSWER_BYTES:
                break
    except _BROKEN:
        pass
    return found[:MOST_ANSWER_BYTES]


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that programs trust; SSL_CERT_FILE names others."""
    return httpx.create_ssl_context()
