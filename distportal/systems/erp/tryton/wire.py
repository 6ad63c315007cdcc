"""Tryton's JSON: decimals, dates and times travel as tagged objects; times are UTC without saying so."""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import Any

_TIME = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def encode(value: Any) -> str:
    """JSON with tags. Raises TypeError for what Tryton has no tag for."""
    return json.dumps(value, default=_tagged)


def decode(text: bytes) -> Any:
    """The value of a reply. Raises ValueError for a truncated or foreign one."""
    try:
        return json.loads(text, object_hook=_untagged)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"not Tryton's JSON: {error}") from error


def header(value: Any) -> str:
    """JSON as Tryton wants it in query arguments and in the context header."""
    return base64.urlsafe_b64encode(encode(value).encode()).decode()


def _tagged(value: object) -> dict[str, Any]:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": format(value, "f")}
    if isinstance(value, dt.datetime):
        utc = value.astimezone(dt.UTC)
        return {"__class__": "datetime", **{name: getattr(utc, name) for name in _TIME}}
    if isinstance(value, dt.date):
        return {"__class__": "date", **{name: getattr(value, name) for name in _TIME[:3]}}
    raise TypeError(f"Tryton has no tag for {type(value).__name__}")


def _untagged(data: dict[str, Any]) -> Any:
    match data.get("__class__"):
        case "Decimal":
            return Decimal(data["decimal"])
        case "datetime":
            year, month, day, hour, minute, second, micro = (int(data[name]) for name in _TIME)
            return dt.datetime(year, month, day, hour, minute, second, micro, dt.UTC)
        case "date":
            return dt.date(*(data[name] for name in _TIME[:3]))
        case "timedelta":
            return dt.timedelta(seconds=data["seconds"])
    return data
