"""Read a mailbox's settings into the frozen dataclass of its transport."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, get_type_hints

from distportal.systems.sftp.base import TransportError

T = TypeVar("T")


def read_options(cls: type[T], data: Mapping[str, Any]) -> T:
    """The settings as `cls`. Raises TransportError (permanent) that names every setting that does not fit."""
    hints = get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]  # T is a dataclass
    problems = [f"{name} is no setting of this transport" for name in data if name not in fields]
    for name, field in fields.items():
        if name not in data:
            if field.default is dataclasses.MISSING:
                problems.append(f"{name} is missing")
        elif type(data[name]) is not hints[name]:
            problems.append(f"{name} must be {_WORDS.get(hints[name], 'of another kind')}")
    if problems:
        raise TransportError(f"the settings of the mailbox do not fit: {'; '.join(problems)}", permanent=True)
    try:
        return cls(**data)
    except ValueError as error:
        raise TransportError(f"the settings of the mailbox do not fit: {error}", permanent=True) from error


_WORDS = {str: "text", int: "a whole number", bool: "true or false"}


def one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Raises ValueError when the value is not one of those."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(repr(one) for one in allowed)}")
