"""Which events other systems can have: offered by the app that knows them, with the form of the data and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from distportal.canonical.schemas import json_schema
from distportal.events.base import Delivered
from distportal.events.registry import Subscriber, subscribe

Words = str | Promise
"""Text that may be translated when it is shown."""
PING = "webhook.ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event says to the outside: `data` in the form of its kind, `subject` is what people call the thing."""

    subject: str
    data: object


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One event; `group` is what it is about. `form` is a frozen dataclass, `example` one of these; `read` gives None
    where nothing is to be told.

    The payload that it reads names the account by its code: whose event it is.
    """

    name: str
    group: Words
    title: Words
    form: type
    example: Told
    read: Callable[[Delivered], Told | None]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of `data`."""
        return json_schema(self.form)


DESTINATION = "webhooks"
_kinds: dict[str, EventKind] = {}
_listeners: list[Subscriber] = []


def offer(kind: EventKind) -> None:
    """Make an event known to whoever chooses; it is heard from now on."""
    _kinds[kind.name] = kind
    _hear()


def listen(listener: Subscriber) -> Subscriber:
    """Register who turns the events into messages."""
    _listeners[:] = [listener]
    _hear()
    return listener


def _hear() -> None:
    for listener in _listeners:
        subscribe(*_kinds, destination=DESTINATION, strict=False)(listener)


def event_kind(event_type: str) -> EventKind | None:
    """The kind of that name, or None where this version of the code does not know it."""
    return _kinds.get(event_type)


def event_kinds() -> list[EventKind]:
    """All of them, in the order in which they were offered: those of a group stand together."""
    return list(_kinds.values())
