"""The guard around every call to another system: slot, breaker, token, then the call, then its row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from distportal.systems.call_log import note_call
from distportal.systems.errors import SystemCallError, Transient, UnknownOutcome
from distportal.systems.limits import breaker
from distportal.systems.limits.bucket import take_token
from distportal.systems.limits.slots import slot

NO_SLOT_WAIT = 1.0
# Transient answers of a system that is well: it refused us politely
_HEALTHY = frozenset({"busy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one system bears: calls a minute and calls at once, over all our processes. `prefix` begins error codes."""

    system: str
    rate_per_minute: float
    concurrency: int
    prefix: str


@contextmanager
def guarded(limits: Limits, endpoint: str, kind: Literal["read", "write"], reference: str = "") -> Iterator[None]:
    """Run the block as one call. Raises Transient `<prefix>.no_slot`, `.breaker_open` or `.no_token` with
    `retry_after` when the call was not made: that costs the caller no attempt."""
    name = f"{limits.system}:{endpoint}:{kind}"
    with slot(limits.system, limits.concurrency) as held:
        if not held:
            raise Transient(
                f"{limits.prefix}.no_slot", "all slots are taken, nothing was sent", retry_after=NO_SLOT_WAIT
            )
        how = breaker.ask(name)
        if not isinstance(how, str):
            message = f"{limits.system} fails too often: {endpoint} rests, nothing was sent"
            raise Transient(f"{limits.prefix}.breaker_open", message, retry_after=how)
        if wait := take_token(limits.system, limits.rate_per_minute):
            breaker.give_back(name, how)
            raise Transient(f"{limits.prefix}.no_token", "the agreed call rate is used up", retry_after=wait)
        with _recorded(limits, endpoint, reference, name, how):
            yield


@contextmanager
def _recorded(limits: Limits, endpoint: str, reference: str, name: str, how: breaker.Pass) -> Iterator[None]:
    began, failure = time.monotonic(), None
    ok = False
    try:
        yield
        ok = True
    except SystemCallError as error:
        failure, ok = error, not _counts(error)
        raise
    finally:
        breaker.record(name, how, ok=ok)
        note_call(
            system=limits.system,
            call=endpoint,
            reference=reference,
            outcome=_outcome(failure, ok=ok),
            error_code=failure.code if failure else "",
            duration_ms=(time.monotonic() - began) * 1000,
        )


def _counts(error: SystemCallError) -> bool:
    """Whether the error says that the system is unwell."""
    if isinstance(error, UnknownOutcome):
        return True
    return isinstance(error, Transient) and error.code.rpartition(".")[2] not in _HEALTHY


def _outcome(failure: SystemCallError | None, *, ok: bool) -> str:
    if failure is not None:
        return type(failure).__name__.lower()
    return "ok" if ok else "crashed"
