"""What every canonical object is: frozen, versioned, JSON both ways, and hashable by content."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import types
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """A JSON-ready copy: decimals and dates as strings, tuples as lists, None fields kept."""
    if value is None or isinstance(value, (str, int)):
        return value  # most are: they are not asked for anything else
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    return value


@cache
def _names(cls: type) -> tuple[str, ...]:
    """The fields of a canonical class, looked up once."""
    return tuple(field.name for field in dataclasses.fields(cls))


def from_json(cls: type[T], data: dict[str, Any]) -> T:
    """The object `to_json` was given; unknown keys are ignored so that newer writers can be read.

    Raises KeyError for a missing mandatory field and ValueError for a value of the wrong form.
    """
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    kwargs: dict[str, Any] = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        if field.name in data:
            kwargs[field.name] = _read(hints[field.name], data[field.name])
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise KeyError(f"{cls.__name__}.{field.name} is missing")
    return cls(**kwargs)


@cache
def _hints(cls: type) -> dict[str, Any]:
    """Annotations of a class, looked up once: evaluating their texts costs more than reading the data."""
    return get_type_hints(cls)


def _read(hint: Any, value: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [a for a in args if a is not type(None)]
        return None if value is None else _read(inner[0], value)
    if origin is tuple:
        return tuple(_read(args[0], item) for item in value)
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{value!r} is not one of {args}")
        return value
    if dataclasses.is_dataclass(hint):
        return from_json(hint, value)  # type: ignore[arg-type]
    if hint is Decimal:
        return Decimal(str(value))
    if hint is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if hint is dt.date:
        return dt.date.fromisoformat(value)
    return value


def content_hash(value: Any) -> str:
    """Sha-256 of the canonical JSON: equal content gives an equal hash whatever the channel or key order."""
    data = json.dumps(to_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(data.encode()).hexdigest()


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros: 12.50 and 12.5 read alike, so they hash alike."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text
