"""HTTP to an ERP that implements our contract: one JSON object, one file, or one of our errors."""

from __future__ import annotations

from typing import Any

import httpx

from distportal.systems.erp.outcomes import Nature, exchange, object_of, refusal, timeouts
from distportal.systems.erp.rest.settings import RestSettings
from distportal.systems.errors import Misconfigured

# Codes of a problem document that mean: somebody has to set something up, and nothing was written.
SETUP_PREFIXES = ("unmapped_", "not_offered")


class RestHttp:
    """A keep-alive client. Redirects are not followed: the secret goes to the configured place only."""

    def __init__(self, settings: RestSettings) -> None:
        self._client = httpx.Client(
            base_url=f"{settings.url.rstrip('/')}/v1",
            headers={settings.auth_header: settings.auth_prefix + settings.secret, "Accept": "application/json"},
            follow_redirects=False,
        )
        self._limits = timeouts(settings.read_timeout, settings.write_timeout)

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """The JSON of a read."""
        return object_of(self._send("read", "GET", path, params=params), "read")

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a POST that writes nothing."""
        return object_of(self._send("read", "POST", path, json=body), "read")

    def write(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a write. Raises UnknownOutcome whenever it may have been done without a verdict."""
        return object_of(self._send("write", method, path, json=body), "write")

    def file(self, path: str) -> tuple[str, bytes]:
        """Media type and content of a file."""
        reply = self._send("read", "GET", path, headers={"Accept": "*/*"})
        return reply.headers.get("Content-Type", "application/octet-stream"), reply.content

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        reply = exchange(self._client, nature, method, path, self._limits, **kwargs)
        if reply.status_code >= 300:
            raise _error(nature, reply)
        return reply


def _error(nature: Nature, reply: httpx.Response) -> Exception:
    code, detail = _problem(reply)
    if 300 <= reply.status_code < 400:
        return Misconfigured("erp.redirected", "the ERP answered with a redirect: put its final address in the URL")
    if reply.status_code < 500 and code.startswith(SETUP_PREFIXES):
        return Misconfigured(f"erp.{code}", detail)
    if reply.status_code in (404, 405, 501) and not code:
        return Misconfigured("erp.not_found", f"there is nothing of our contract at {reply.url.path}: check the URL")
    return refusal(nature, reply, code or "refused", detail)


def _problem(reply: httpx.Response) -> tuple[str, str]:
    """Code and reason of an RFC 9457 problem document; the code is empty where the reply is none."""
    try:
        data = reply.json()
        return str(data["code"]), str(data.get("detail") or data.get("title") or data["code"])[:500]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", f"the ERP answered {reply.status_code} without saying why"
