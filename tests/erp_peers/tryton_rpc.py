"""Tryton as its own staff sees it: JSON-RPC with a password. The product's adapter uses REST and a key instead."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import json
from decimal import Decimal
from typing import Any

import httpx


class StaffError(Exception):
    """Tryton said no to a member of its staff."""


class TrytonStaff:
    """A signed-in member of staff."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._ids = itertools.count(1)
        self._path = f"/{database}/rpc/"
        self._http = httpx.Client(base_url=url, timeout=60)
        self.uid, token, _ = self._post("common.db.login", [login, {"password": password}, "en"])
        session = base64.b64encode(f"{login}:{self.uid}:{token}".encode()).decode()
        self._http.headers["Authorization"] = f"Session {session}"
        self.context: dict[str, Any] = {}
        self.reload()

    def reload(self) -> None:
        """Take up the person's company and language."""
        self.context = self._post("model.res.user.get_preferences", [True, {}])

    def call(self, method: str, *args: Any, **context: Any) -> Any:
        """Any method; the context is the last argument on the wire."""
        return self._post(method, [*args, {**self.context, **context}])

    def create(self, model: str, *values: dict[str, Any]) -> list[int]:
        """The ids of new records."""
        return list(self.call(f"model.{model}.create", list(values)))

    def one(self, model: str, **values: Any) -> int:
        """The id of one new record."""
        return self.create(model, values)[0]

    def write(self, model: str, ids: list[int], **values: Any) -> None:
        """Change records."""
        self.call(f"model.{model}.write", ids, values)

    def find(self, model: str, *domain: Any, limit: int | None = None) -> list[int]:
        """Ids, oldest first."""
        return list(self.call(f"model.{model}.search", list(domain), 0, limit, [["id", "ASC"]]))

    def read(self, model: str, ids: list[int], *fields: str) -> list[dict[str, Any]]:
        """Records in the order of their ids."""
        return list(self.call(f"model.{model}.read", ids, list(fields)))

    def press(self, model: str, button: str, ids: list[int]) -> Any:
        """A button of a form."""
        return self.call(f"model.{model}.{button}", ids)

    def _post(self, method: str, params: list[Any]) -> Any:
        body = json.dumps({"id": next(self._ids), "method": method, "params": params}, default=_encode)
        reply = self._http.post(self._path, content=body, headers={"Content-Type": "application/json"})
        reply.raise_for_status()
        data = json.loads(reply.content, object_hook=_decode)
        if "error" in data:
            raise StaffError(method, data["error"])
        return data["result"]


def _encode(value: object) -> Any:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, dt.date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    if isinstance(value, dt.timedelta):
        return {"__class__": "timedelta", "seconds": value.total_seconds()}
    raise TypeError(type(value))


def _decode(data: dict[str, Any]) -> Any:
    match data.get("__class__"):
        case "Decimal":
            return Decimal(data["decimal"])
        case "date":
            return dt.date(data["year"], data["month"], data["day"])
        case "datetime":
            parts = [data[n] for n in ("year", "month", "day", "hour", "minute", "second", "microsecond")]
            return dt.datetime(*parts, tzinfo=dt.UTC)
    return data
