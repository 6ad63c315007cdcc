"""HTTP to a system that implements one of our contracts: one JSON object, one file, or one of our errors."""

from __future__ import annotations

from typing import Any

import httpx

from distportal.systems.errors import Misconfigured, Unmapped
from distportal.systems.outcomes import Nature, Peer, exchange, object_of, refusal, timeouts
from distportal.systems.tls import trusted

UNMAPPED = "unmapped_"
"""Codes of a problem document that begin so: a code of ours has to be mapped first, and nothing was written."""


class ContractHttp:
    """A keep-alive client. Redirects are not followed: the secret goes to the configured place only."""

    def __init__(self, peer: Peer, url: str, header: tuple[str, str], *, read: float, write: float) -> None:
        self._peer = peer
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/v1",
            headers={header[0]: header[1], "Accept": "application/json"},
            follow_redirects=False,
            verify=trusted(),
        )
        self._limits = timeouts(read, write)

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """The JSON of a read."""
        return object_of(self._send("read", "GET", path, params=params), "read", self._peer)

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a POST that writes nothing."""
        return object_of(self._send("read", "POST", path, json=body), "read", self._peer)

    def write(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a write. Raises UnknownOutcome whenever it may have been done without a verdict."""
        return object_of(self._send("write", method, path, json=body), "write", self._peer)

    def file(self, path: str) -> tuple[str, bytes]:
        """Media type and content of a file."""
        reply = self._send("read", "GET", path, headers={"Accept": "*/*"})
        return reply.headers.get("Content-Type", "application/octet-stream"), reply.content

    def broken(self, place: str, error: Exception) -> Misconfigured:
        """A reply that is well-formed but not what the contract says; asking again would not help."""
        message = f"the answer of {self._peer.name} at {place} is not as agreed: {error!r}"
        return Misconfigured(f"{self._peer.prefix}.contract_broken", message)

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        reply = exchange(self._client, nature, method, path, self._limits, peer=self._peer, **kwargs)
        if reply.status_code >= 300:
            raise self._error(nature, reply)
        return reply

    def _error(self, nature: Nature, reply: httpx.Response) -> Exception:
        prefix, who = self._peer.prefix, self._peer.name
        code, detail = self._problem(reply)
        if 300 <= reply.status_code < 400:
            return Misconfigured(f"{prefix}.redirected", f"{who} sends us elsewhere: put its final address in the URL")
        if reply.status_code < 500 and code.startswith(UNMAPPED):
            return Unmapped(code.removeprefix(UNMAPPED), _value(reply), detail, prefix=prefix)
        if reply.status_code < 500 and code == "not_offered":
            return Misconfigured(f"{prefix}.{code}", detail)
        if reply.status_code in (404, 405, 501) and not code:
            place = reply.url.path
            return Misconfigured(f"{prefix}.not_found", f"there is nothing of our contract at {place}: check the URL")
        return refusal(nature, reply, code or "refused", detail, self._peer)

    def _problem(self, reply: httpx.Response) -> tuple[str, str]:
        """Code and reason of an RFC 9457 problem document; the code is empty where the reply is none."""
        try:
            data = reply.json()
            return str(data["code"]), str(data.get("detail") or data.get("title") or data["code"])[:500]
        except (ValueError, KeyError, TypeError, AttributeError):
            return "", f"{self._peer.name} answered {reply.status_code} without saying why"


def checked_url(url: str, prefix: str) -> None:
    """Raises Misconfigured: a plain http URL to another machine would show the secret to everybody on the way."""
    local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    if not url.startswith(("https://", *local)):
        raise Misconfigured(f"{prefix}.connection_invalid", f"the URL {url!r} has to begin with https://")


def _value(reply: httpx.Response) -> list[str]:
    """The code that is not mapped, where the problem document tells it."""
    told = reply.json().get("value")
    return [told] if isinstance(told, str) and told else []
