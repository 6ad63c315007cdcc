"""OData V2 in JSON: times as milliseconds, literals of a filter, and the reason inside SAP's error envelope."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d+)?\)/")


def moment(value: str | None) -> dt.datetime | None:
    """The time of `/Date(ms)/`. Raises ValueError for another form."""
    if not value:
        return None
    found = _DATE.fullmatch(value)
    if not found:
        raise ValueError(f"not a time of OData V2: {value!r}")
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(found.group(1)))


def date_of(value: dt.date) -> str:
    """A day as SAP takes it in a body."""
    midnight = dt.datetime.combine(value, dt.time(), dt.UTC)
    return f"/Date({int(midnight.timestamp()) * 1000})/"


def text(value: str) -> str:
    """A string literal of a filter; a quote inside is doubled."""
    return "'" + value.replace("'", "''") + "'"


def time_literal(value: dt.datetime, kind: str) -> str:
    """A time literal of a filter, to the millisecond: SAP keeps no more."""
    plain = value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"datetimeoffset'{plain}Z'" if kind == "datetimeoffset" else f"datetime'{plain}'"


def results(data: Any) -> list[dict[str, Any]]:
    """The rows of a collection, or of an expanded one. Raises ValueError for another form."""
    if not isinstance(data, dict) or not isinstance(data.get("results"), list):
        raise ValueError("no collection of OData V2")
    return list(data["results"])


def reason(data: Any) -> str:
    """What SAP says in its error envelope. Raises KeyError or TypeError for another form."""
    message = data["error"]["message"]
    return str(message["value"] if isinstance(message, dict) else message)
