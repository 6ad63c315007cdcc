"""What a reply over HTTP, or silence, means to an adapter: the error class is decided by what may have been written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from distportal.common.network_words import network_words
from distportal.observability.tracing import traceparent
from distportal.systems.errors import (
    AuthFailed,
    Conflict,
    OutOfStep,
    Rejected,
    SystemCallError,
    Transient,
    UnknownOutcome,
)
from distportal.systems.in_time import check_in_time

CONNECT_SECONDS = 1.0
Nature = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is spoken to: `prefix` begins the codes of its errors, `name` stands in their sentences."""

    prefix: str
    name: str


ERP = Peer("erp", "the ERP")


def timeouts(read: float, write: float) -> dict[str, httpx.Timeout]:
    """How long a read and a write may take, in seconds; a connection has one second in both."""
    return {
        "read": httpx.Timeout(read, connect=CONNECT_SECONDS),
        "write": httpx.Timeout(write, connect=CONNECT_SECONDS),
    }


def exchange(
    client: httpx.Client,
    nature: Nature,
    method: str,
    path: str,
    limits: Mapping[str, httpx.Timeout],
    *,
    peer: Peer = ERP,
    **kwargs: Any,
) -> httpx.Response:
    """The reply, whatever its status. Raises Transient where nothing was sent, else what silence means."""
    if nature == "write":
        check_in_time(peer.prefix)
    headers = {**(kwargs.pop("headers", None) or {}), "traceparent": traceparent()}
    try:
        return client.request(method, path, timeout=limits[nature], headers=headers, **kwargs)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        message = f"{peer.name} could not be reached, nothing was sent: {network_words(error)}"
        raise Transient(f"{peer.prefix}.unreachable", message) from error
    except httpx.TransportError as error:
        raise silence(nature, type(error).__name__, peer) from error


def silence(nature: Nature, what: str, peer: Peer = ERP) -> SystemCallError:
    """No verdict came: harmless for a read, an unknown outcome for a write."""
    if nature == "write":
        message = f"the write was sent and no verdict came ({what}): look it up first"
        return UnknownOutcome(f"{peer.prefix}.no_verdict", message)
    return Transient(f"{peer.prefix}.no_answer", f"{peer.name} did not answer a read ({what})")


def object_of(reply: httpx.Response, nature: Nature, peer: Peer = ERP) -> dict[str, Any]:
    """The JSON object of a good reply; anything else is as if no verdict had come."""
    try:
        data = reply.json()
    except ValueError as error:
        raise silence(nature, "unreadable answer", peer) from error
    if not isinstance(data, dict):
        raise silence(nature, "unreadable answer", peer)
    return data


@contextmanager
def read_back() -> Iterator[None]:
    """Around a read that follows a write: failing, it leaves the outcome unknown."""
    try:
        yield
    except Transient as error:
        message = f"the write was done, but what came of it could not be read ({error.code}): look it up"
        raise UnknownOutcome("erp.not_read_back", message) from error


def refusal(nature: Nature, reply: httpx.Response, code: str, detail: str, peer: Peer = ERP) -> SystemCallError:
    """The error of a reply from 400 on; `code` and `detail` are the other system's own reason for a plain no."""
    status, who = reply.status_code, peer.name
    if status >= 500:
        error = f"{peer.prefix}.server_error"
        if nature == "write":
            return UnknownOutcome(error, f"{who} answered {status} to a write: it may have been done")
        return Transient(error, f"{who} answered {status}", retry_after=_retry_after(reply))
    if status in (423, 429):
        return Transient(f"{peer.prefix}.busy", f"{who} asks to wait ({status})", retry_after=_retry_after(reply))
    if status in (401, 403):
        return AuthFailed(f"{peer.prefix}.auth", f"{who} refused our credentials: calls stop until they are corrected")
    code = f"{peer.prefix}.{code}"
    if status in (409, 412):
        return Conflict(code, detail)
    if status == 410:
        return OutOfStep(code, detail)
    return Rejected(code, detail)


def _retry_after(reply: httpx.Response) -> float | None:
    try:
        return max(float(reply.headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return None
