"""What a reply over HTTP, or silence, means to an adapter: the error class is decided by what may have been written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import httpx

from distportal.systems.errors import (
    AuthFailed,
    Conflict,
    OutOfStep,
    Rejected,
    SystemCallError,
    Transient,
    UnknownOutcome,
)

CONNECT_SECONDS = 1.0
Nature = Literal["read", "write"]


def timeouts(read: float, write: float) -> dict[str, httpx.Timeout]:
    """How long a read and a write may take, in seconds; a connection has one second in both."""
    return {
        "read": httpx.Timeout(read, connect=CONNECT_SECONDS),
        "write": httpx.Timeout(write, connect=CONNECT_SECONDS),
    }


def exchange(
    client: httpx.Client, nature: Nature, method: str, path: str, limits: Mapping[str, httpx.Timeout], **kwargs: Any
) -> httpx.Response:
    """The reply, whatever its status. Raises Transient where nothing was sent, else what silence means."""
    try:
        return client.request(method, path, timeout=limits[nature], **kwargs)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Transient("erp.unreachable", f"the ERP could not be reached, nothing was sent: {error}") from error
    except httpx.TransportError as error:
        raise silence(nature, type(error).__name__) from error


def silence(nature: Nature, what: str) -> SystemCallError:
    """No verdict came: harmless for a read, an unknown outcome for a write."""
    if nature == "write":
        return UnknownOutcome("erp.no_verdict", f"the write was sent and no verdict came ({what}): look it up first")
    return Transient("erp.no_answer", f"the ERP did not answer a read ({what})")


def object_of(reply: httpx.Response, nature: Nature) -> dict[str, Any]:
    """The JSON object of a good reply; anything else is as if no verdict had come."""
    try:
        data = reply.json()
    except ValueError as error:
        raise silence(nature, "unreadable answer") from error
    if not isinstance(data, dict):
        raise silence(nature, "unreadable answer")
    return data


@contextmanager
def read_back() -> Iterator[None]:
    """Around a read that follows a write: failing, it leaves the outcome unknown."""
    try:
        yield
    except Transient as error:
        message = f"the write was done, but what came of it could not be read ({error.code}): look it up"
        raise UnknownOutcome("erp.not_read_back", message) from error


def refusal(nature: Nature, reply: httpx.Response, code: str, detail: str) -> SystemCallError:
    """The error of a reply from 400 on; `code` and `detail` are the ERP's own reason for a plain no."""
    status = reply.status_code
    if status >= 500:
        if nature == "write":
            return UnknownOutcome("erp.server_error", f"the ERP answered {status} to a write: it may have been done")
        return Transient("erp.server_error", f"the ERP answered {status}", retry_after=_retry_after(reply))
    if status in (423, 429):
        return Transient("erp.busy", f"the ERP asks to wait ({status})", retry_after=_retry_after(reply))
    if status in (401, 403):
        return AuthFailed("erp.auth", "the ERP refused our credentials: calls stop until they are corrected")
    if status in (409, 412):
        return Conflict(f"erp.{code}", detail)
    if status == 410:
        return OutOfStep(f"erp.{code}", detail)
    return Rejected(f"erp.{code}", detail)


def _retry_after(reply: httpx.Response) -> float | None:
    try:
        return max(float(reply.headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return None
