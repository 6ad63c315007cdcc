"""HTTP to the sandbox ERP: one reply, or one of our errors. The class is decided by what may have been written."""

from __future__ import annotations

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


class ErpHttp:
    """A keep-alive client. `read` and `write` differ in their timeout and in what silence means."""

    def __init__(self, url: str, token: str, *, read_timeout: float, write_timeout: float) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})
        self._timeouts = {
            "read": httpx.Timeout(read_timeout, connect=CONNECT_SECONDS),
            "write": httpx.Timeout(write_timeout, connect=CONNECT_SECONDS),
        }

    def get(self, path: str, **params: str | float) -> dict[str, Any]:
        """The JSON of a read."""
        return _json(self._send("read", "GET", path, params=params), "read")

    def get_bytes(self, path: str) -> tuple[str, bytes]:
        """Media type and content of a file."""
        reply = self._send("read", "GET", path)
        return reply.headers.get("Content-Type", "application/octet-stream"), reply.content

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a POST that writes nothing."""
        return _json(self._send("read", "POST", path, json=body), "read")

    def write(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a write. Raises UnknownOutcome whenever it may have been done without a verdict."""
        return _json(self._send("write", "POST", path, json=body), "write")

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            reply = self._client.request(method, path, timeout=self._timeouts[nature], **kwargs)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient("erp.unreachable", f"the ERP could not be reached, nothing was sent: {error}") from error
        except httpx.TransportError as error:
            raise _silence(nature, type(error).__name__) from error
        if reply.status_code >= 400:
            raise _refusal(nature, reply)
        return reply


def _silence(nature: Nature, what: str) -> SystemCallError:
    if nature == "write":
        return UnknownOutcome("erp.no_verdict", f"the write was sent and no verdict came ({what}): look it up first")
    return Transient("erp.no_answer", f"the ERP did not answer a read ({what})")


def _refusal(nature: Nature, reply: httpx.Response) -> SystemCallError:
    status = reply.status_code
    code, detail = _problem(reply)
    if status >= 500:
        if nature == "write":
            return UnknownOutcome("erp.server_error", f"the ERP answered {status} to a write: it may have been done")
        return Transient("erp.server_error", f"the ERP answered {status}", retry_after=_retry_after(reply))
    if status in (423, 429):
        return Transient("erp.busy", f"the ERP asks to wait ({status})", retry_after=_retry_after(reply))
    if status in (401, 403):
        return AuthFailed("erp.auth", "the ERP refused our token: calls stop until it is corrected")
    if status == 409:
        return Conflict(f"erp.{code}", detail)
    if status == 410:
        return OutOfStep(f"erp.{code}", detail)
    return Rejected(f"erp.{code}", detail)


def _problem(reply: httpx.Response) -> tuple[str, str]:
    try:
        data = reply.json()
        return str(data["code"]), str(data.get("detail") or data["code"])
    except (ValueError, KeyError, TypeError):
        return "refused", f"the ERP answered {reply.status_code} without saying why"


def _retry_after(reply: httpx.Response) -> float | None:
    try:
        return max(float(reply.headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return None


def _json(reply: httpx.Response, nature: Nature) -> dict[str, Any]:
    try:
        data = reply.json()
    except ValueError as error:
        raise _silence(nature, "unreadable answer") from error
    if not isinstance(data, dict):
        raise _silence(nature, "unreadable answer")
    return data
