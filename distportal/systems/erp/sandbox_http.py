"""HTTP to the sandbox ERP: one reply, or one of our errors."""

from __future__ import annotations

from typing import Any

import httpx

from distportal.systems.outcomes import Nature, exchange, object_of, refusal, timeouts
from distportal.systems.tls import trusted


class ErpHttp:
    """A keep-alive client. `read` and `write` differ in their timeout and in what silence means."""

    def __init__(self, url: str, token: str, *, read_timeout: float, write_timeout: float) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, verify=trusted())
        self._limits = timeouts(read_timeout, write_timeout)

    def get(self, path: str, **params: str | float) -> dict[str, Any]:
        """The JSON of a read."""
        return object_of(self._send("read", "GET", path, params=params), "read")

    def get_bytes(self, path: str) -> tuple[str, bytes]:
        """Media type and content of a file."""
        reply = self._send("read", "GET", path)
        return reply.headers.get("Content-Type", "application/octet-stream"), reply.content

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a POST that writes nothing."""
        return object_of(self._send("read", "POST", path, json=body), "read")

    def write(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a write. Raises UnknownOutcome whenever it may have been done without a verdict."""
        return object_of(self._send("write", "POST", path, json=body), "write")

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        reply = exchange(self._client, nature, method, path, self._limits, **kwargs)
        if reply.status_code >= 400:
            raise refusal(nature, reply, *_problem(reply))
        return reply


def _problem(reply: httpx.Response) -> tuple[str, str]:
    try:
        data = reply.json()
        return str(data["code"]), str(data.get("detail") or data["code"])
    except (ValueError, KeyError, TypeError):
        return "refused", f"the ERP answered {reply.status_code} without saying why"
