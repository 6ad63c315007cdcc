"""What apps register: subscribers of events, handlers of jobs, periodic jobs, and where dead work is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from distportal.events.base import Delivered
from distportal.events.choices import Level

Subscriber = Callable[[Delivered], None]
JobHandler = Callable[[Mapping[str, Any]], None]
SeveralHandler = Callable[[Sequence[Mapping[str, Any]]], Sequence[Exception | None]]
"""What became of each, in order: what its handler would have raised, None where it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscriber by its destination name. `strict`: a failing event parks the later ones of its aggregate."""

    destination: str
    types: frozenset[str]
    handler: Subscriber
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A handler and the lane its work runs in.

    Under pressure: `never_waits` runs although its lane rests, `slows` is begun less often where it is periodic,
    `stops_at` is the level from which on it is not begun. `quiet`: the log tells of it only when it fails.
    `hands_over`: it brings what is written and kept to somebody else; done again, the same goes out under the same key.
    `several` does the first tries of several at once, where so many are due that each would wait.
    """

    kind: str
    lane: str
    handler: JobHandler
    max_attempts: int
    never_waits: bool = False
    slows: bool = False
    stops_at: Level | None = None
    quiet: bool = False
    hands_over: bool = False
    several: SeveralHandler | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadWork:
    """Work that was given up, told to whoever registered for it inside the same transaction."""

    source: str  # "job", "delivery" or "mail"
    kind: str
    subject_type: str
    subject_id: str
    error: str
    correlation_id: str
    data: Mapping[str, Any] = field(default_factory=dict)


class DeadSink(Protocol):
    """Opens the case for dead work; runs in the transaction that marks the work dead."""

    def __call__(self, dead: DeadWork) -> None: ...


SettledSink = Callable[[str, str], None]
"""Told of what was given up once and is done after all: type and id, in the transaction that marks it done."""
_subscriptions: dict[str, Subscription] = {}
_jobs: dict[str, JobKind] = {}
_dead_sinks: list[DeadSink] = []
_settled_sinks: list[SettledSink] = []


def subscribe(*types: str, destination: str, strict: bool = True) -> Callable[[Subscriber], Subscriber]:
    """Register a subscriber. It runs inside the transaction that marks the delivery, so it must only touch the
    database.
    """

    def register(handler: Subscriber) -> Subscriber:
        known = _subscriptions.get(destination)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"two subscribers are called {destination}")
        _subscriptions[destination] = Subscription(
            destination=destination, types=frozenset(types), handler=handler, strict=strict
        )
        return handler

    return register


def job_handler(
    kind: str,
    *,
    lane: str,
    max_attempts: int = 5,
    never_waits: bool = False,
    slows: bool = False,
    stops_at: Level | None = None,
    quiet: bool = False,
    hands_over: bool = False,
) -> Callable[[JobHandler], JobHandler]:
    """Register the handler of a job kind. It runs outside any transaction and makes one process call.

    `never_waits`, `slows` and `stops_at` say what pressure means for it, and `hands_over` what doing it again is, as in
    JobKind. `quiet` is for what looks every few seconds whether there is something to do.
    """

    def register(handler: JobHandler) -> JobHandler:
        _jobs[kind] = JobKind(
            kind=kind,
            lane=lane,
            handler=handler,
            max_attempts=max_attempts,
            never_waits=never_waits,
            slows=slows,
            stops_at=stops_at,
            quiet=quiet,
            hands_over=hands_over,
        )
        return handler

    return register


def several_handler(kind: str) -> Callable[[SeveralHandler], SeveralHandler]:
    """Register who does several first tries of a kind at once. It gets each payload with the story of its job in
    `_story`, raises nothing, and stops beginning new ones in good time before a job's lease ends. Raises KeyError for a
    kind that nobody handles.
    """

    def register(handler: SeveralHandler) -> SeveralHandler:
        _jobs[kind] = replace(_jobs[kind], several=handler)
        return handler

    return register


def report_dead_work_to(sink: DeadSink) -> DeadSink:
    """Register who is told of dead work."""
    if sink not in _dead_sinks:
        _dead_sinks.append(sink)
    return sink


def subscriptions_to(event_type: str) -> list[Subscription]:
    """Who wants this event, in a fixed order."""
    return [known for known in subscriptions() if event_type in known.types]


def subscriptions() -> list[Subscription]:
    """All of them, in a fixed order."""
    return [known for _, known in sorted(_subscriptions.items())]


def subscription(destination: str) -> Subscription | None:
    """The subscriber of that name, or None where this version of the code does not know it."""
    return _subscriptions.get(destination)


def job_kind(kind: str) -> JobKind | None:
    """The handler of that kind, or None where this version of the code does not know it."""
    return _jobs.get(kind)


def kinds_that_never_wait() -> list[str]:
    """The kinds that run although their lane rests."""
    return sorted(kind for kind, known in _jobs.items() if known.never_waits)


def dead_sinks() -> tuple[DeadSink, ...]:
    """Who is told of dead work."""
    return tuple(_dead_sinks)


def report_settled_work_to(sink: SettledSink) -> SettledSink:
    """Register who is told of what was given up once and is done after all."""
    if sink not in _settled_sinks:
        _settled_sinks.append(sink)
    return sink


def tell_settled(subject_type: str, subject_id: str) -> None:
    """What was given up once is done; called in the transaction that marks it so."""
    for sink in _settled_sinks:
        sink(subject_type, subject_id)
