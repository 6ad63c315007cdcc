"""HTTP to SAP Gateway: sessions with a CSRF token, entities in, entities out, or one of our errors."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from distportal.systems.erp.sap_odata.batch import CONTENT_TYPE, Operation, verdict, written
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import reason, results
from distportal.systems.errors import Misconfigured, Transient
from distportal.systems.outcomes import Nature, exchange, refusal, silence, timeouts
from distportal.systems.tls import trusted

Entity = dict[str, Any]
ORDERS = "/API_SALES_ORDER_SRV"
PARTNERS = "/API_BUSINESS_PARTNER_SRV"
PRODUCTS = "/API_PRODUCT_SRV"
DELIVERIES = "/API_OUTBOUND_DELIVERY_SRV"
BILLING = "/API_BILLING_DOCUMENT_SRV"


class SapHttp:
    """A client with one Gateway session. A lost CSRF token is fetched again once: SAP checks it before it works."""

    def __init__(self, settings: SapSettings) -> None:
        self._client = httpx.Client(
            base_url=settings.url,
            auth=(settings.user, settings.password),
            headers={"Accept": "application/json"},
            params={"sap-client": settings.client} if settings.client else None,
            verify=trusted(),
        )
        self._limits = timeouts(settings.read_timeout, settings.write_timeout)
        self._token = ""
        self.told_at = dt.datetime.now(dt.UTC)

    def collection(self, path: str, options: Mapping[str, str]) -> list[Entity]:
        """The rows; `told_at` is SAP's time of the answer."""
        data = self._json("GET", path, params={**options, "$format": "json"})
        try:
            return results(data)
        except ValueError as error:
            raise silence("read", "unreadable answer") from error

    def post(self, path: str, body: Entity) -> Entity:
        """The new entity. Raises UnknownOutcome whenever it may have been made without a verdict."""
        reply = self._write("POST", path, json=body)
        try:
            return dict(reply.json()["d"])
        except (ValueError, KeyError, TypeError) as error:
            raise silence("write", "unreadable answer") from error

    def batch(self, service: str, operations: Sequence[Operation]) -> None:
        """All of the writes were done, or none. Raises what a single write would, for the one that failed."""
        headers = {"Content-Type": CONTENT_TYPE, "Accept": "multipart/mixed"}
        reply = self._write("POST", f"{service}/$batch", content=written(operations), headers=headers)
        try:
            refused = verdict(reply)
        except ValueError as error:
            raise silence("write", "unreadable answer") from error
        if refused is not None:
            self._checked("write", refused)

    def delete(self, path: str, etag: str) -> None:
        """Gone, if it is still as it was read. Raises Conflict `erp.stale` where somebody changed it meanwhile."""
        self._write("DELETE", path, headers={"If-Match": etag})

    def ping(self) -> float:
        """Seconds that a small read took."""
        began = time.monotonic()
        self._json("GET", f"{ORDERS}/", params={"$format": "json"})
        return time.monotonic() - began

    def _json(self, method: str, path: str, **kwargs: Any) -> Any:
        reply = self._send("read", method, path, **kwargs)
        try:
            return reply.json()["d"]
        except (ValueError, KeyError, TypeError) as error:
            raise silence("read", "unreadable answer") from error

    def _write(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = kwargs.pop("headers", {})
        for fresh in (False, True):
            if fresh or not self._token:
                self._fetch_token()
            reply = self._exchange("write", method, path, headers={**headers, "X-CSRF-Token": self._token}, **kwargs)
            if not _token_refused(reply):
                return self._checked("write", reply)
        raise Transient("erp.csrf", "SAP refused two CSRF tokens in a row, nothing was written")

    def _fetch_token(self) -> None:
        reply = self._send("read", "GET", f"{ORDERS}/", headers={"X-CSRF-Token": "Fetch"})
        self._token = reply.headers.get("X-CSRF-Token", "")

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return self._checked(nature, self._exchange(nature, method, path, **kwargs))

    def _exchange(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return exchange(self._client, nature, method, path, self._limits, **kwargs)

    def _checked(self, nature: Nature, reply: httpx.Response) -> httpx.Response:
        if reply.status_code == 404 and nature == "read":
            raise Misconfigured(
                "erp.not_offered", "this SAP offers no such service: activate it or change the settings"
            )
        if reply.status_code >= 400:
            code = "stale" if reply.status_code in (409, 412, 428) else "refused"
            raise refusal(nature, reply, code, _reason(reply))
        if "Date" in reply.headers:
            self.told_at = parsedate_to_datetime(reply.headers["Date"])
        return reply


def _token_refused(reply: httpx.Response) -> bool:
    return reply.status_code == 403 and reply.headers.get("X-CSRF-Token", "").lower() == "required"


def _reason(reply: httpx.Response) -> str:
    try:
        return reason(reply.json())
    except (ValueError, KeyError, TypeError):
        return f"SAP answered {reply.status_code} without saying why"
