"""REST to Tryton: records in, records out, or one of our errors."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from distportal.systems.erp.tryton.settings import TrytonSettings
from distportal.systems.erp.tryton.wire import decode, encode, header
from distportal.systems.errors import Misconfigured
from distportal.systems.outcomes import Nature, exchange, refusal, silence, timeouts
from distportal.systems.tls import trusted

Record = dict[str, Any]
Domain = list[Any]
CHUNK = 200  # ids in one question: a longer query would not fit a request line


@dataclass(frozen=True, slots=True)
class Clock:
    """The ERP's time, to the second, and how long the answer took."""

    at: dt.datetime
    series: str
    took: float


class TrytonHttp:
    """A keep-alive client that sends the bearer key; every call is one transaction in Tryton."""

    def __init__(self, settings: TrytonSettings) -> None:
        self._client = httpx.Client(
            base_url=settings.url,
            headers={
                "Authorization": f"Bearer {settings.key}",
                "Accept": "application/json",
                "Content-Type": "application/json",
                "Accept-Language": "en",
            },
            verify=trusted(),
        )
        self._base = f"/{settings.database}/rest"
        self._limits = timeouts(settings.read_timeout, settings.write_timeout)

    def search(
        self,
        model: str,
        domain: Domain,
        fields: Sequence[str],
        *,
        context: Record | None = None,
        order: Sequence[tuple[str, str]] = (("id", "ASC"),),
        limit: int | None = None,
    ) -> list[Record]:
        """The records, oldest id first unless `order` says otherwise."""
        params: dict[str, Any] = {"f": list(fields), "d": header(domain), "o": header([list(by) for by in order])}
        if limit is not None:
            params["s"] = limit
        found = self._json("read", "GET", f"/model/{model}", params=params, headers=_context(context))
        return list(found)

    def read(
        self, model: str, ids: Sequence[int], fields: Sequence[str], context: Record | None = None
    ) -> list[Record]:
        """The records with these ids, in the order of their ids, inactive ones too."""
        wanted, found = sorted(set(ids)), []
        for at in range(0, len(wanted), CHUNK):
            seen = {**(context or {}), "active_test": False}
            found += self.search(model, [["id", "in", wanted[at : at + CHUNK]]], fields, context=seen)
        return found

    def create(self, model: str, values: Record, fields: Sequence[str], context: Record) -> Record:
        """The new record. Raises UnknownOutcome whenever it may have been made without a verdict."""
        reply = self._json("write", "POST", f"/model/{model}", params={"f": list(fields)}, content=encode(values),
                           headers=_context(context))  # fmt: skip
        return dict(reply)

    def write(self, model: str, record_id: int, values: Record, context: Record) -> None:
        """The record with these values, in one transaction. Raises UnknownOutcome without a verdict."""
        self._send("write", "PUT", f"/model/{model}/{record_id}", params={"f": ["id"]}, content=encode(values),
                   headers=_context(context))  # fmt: skip

    def press(self, model: str, record_id: int, button: str, context: Record) -> None:
        """Push a button of a record; what came of it has to be read again, queued work runs after the answer."""
        self._send("write", "POST", f"/model/{model}/{record_id}/{button}", params={"f": ["id"]}, content="{}",
                   headers=_context(context))  # fmt: skip

    def report(self, name: str, record_id: int, context: Record) -> tuple[str, bytes]:
        """Media type and bytes of a printed record. The same report again is the same: it counts as a read."""
        reply = self._send("read", "GET", f"/report/{name}/{record_id}", content="{}", headers=_context(context))
        return reply.headers.get("Content-Type", "application/octet-stream"), reply.content

    def clock(self) -> Clock:
        """The ERP's time before what is read next."""
        began = time.monotonic()
        body = encode({"id": 1, "method": "common.server.version", "params": []})
        reply = exchange(self._client, "read", "POST", "/rpc/", self._limits, content=body)
        if reply.status_code >= 400:
            raise refusal("read", reply, *_problem(reply))
        took = time.monotonic() - began
        try:
            return Clock(parsedate_to_datetime(reply.headers["Date"]), str(decode(reply.content)["result"]), took)
        except (KeyError, ValueError, TypeError) as error:
            raise silence("read", "unreadable answer") from error

    def _json(self, nature: Nature, method: str, path: str, **kwargs: Any) -> Any:
        reply = self._send(nature, method, path, **kwargs)
        try:
            return decode(reply.content)
        except ValueError as error:
            raise silence(nature, "unreadable answer") from error

    def _send(self, nature: Nature, method: str, path: str, **kwargs: Any) -> httpx.Response:
        reply = exchange(self._client, nature, method, self._base + path, self._limits, **kwargs)
        if reply.status_code == 404 and nature == "read":
            message = "Tryton knows no such database, record or report: check the connection's settings"
            raise Misconfigured("erp.not_found", message)
        if reply.status_code >= 400:
            raise refusal(nature, reply, *_problem(reply))
        return reply


def _context(values: Record | None) -> dict[str, str]:
    return {"X-Tryton-Context": header(values)} if values else {}


def _problem(reply: httpx.Response) -> tuple[str, str]:
    try:
        data = reply.json()
        return "refused", " ".join(filter(None, (str(data["message"]), str(data.get("description") or ""))))
    except (ValueError, KeyError, TypeError):
        return "refused", f"Tryton answered {reply.status_code} without saying why"
