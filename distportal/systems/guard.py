"""The guard around every call to another system: slot, breaker, token, then the call, then its row."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal, NoReturn

from distportal.events.working import is_working
from distportal.observability.spans import span
from distportal.systems.call_log import note_call
from distportal.systems.errors import SystemCallError, Transient, UnknownOutcome
from distportal.systems.limits import adaptive, breaker
from distportal.systems.limits.bucket import taking_token
from distportal.systems.limits.in_turn import in_turn
from distportal.systems.limits.slots import WAIT_SECONDS, Slot

PATIENCE = 2.0
"""Seconds that a worker waits for a slot or a token before its job goes back to the end of the lane."""
_LOOK_AGAIN = 0.2
# Transient answers that say nothing against a system: it refused us politely, or we were too late to ask
_HEALTHY = frozenset({"busy", "too_late"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one system bears: calls a minute and calls at once, over all our processes. `prefix` begins error codes."""

    system: str
    rate_per_minute: float
    concurrency: int
    prefix: str


@contextmanager
def guarded(
    limits: Limits, endpoint: str, kind: Literal["read", "write"], reference: str = "", *, pace: str = ""
) -> Iterator[None]:
    """Run the block as one call. Raises Transient `<prefix>.no_slot`, `.breaker_open` or `.no_token` with
    `retry_after` when the call was not made: that costs the caller no attempt. `pace` names calls that take alike long,
    where those of one endpoint do not.
    """
    name = f"{limits.system}:{endpoint}:{kind}"
    facts = {"portal.system": limits.system, "portal.call": endpoint}
    with span(f"{limits.system} {endpoint}", facts=facts):
        admitted = _admitted(limits, endpoint, name)
        with _recorded(limits, endpoint, reference, name, admitted, pace):
            yield


@dataclass(frozen=True, slots=True)
class _Admission:
    slot: Slot
    how: breaker.Pass


def _admitted(limits: Limits, endpoint: str, name: str) -> _Admission:
    """A slot that is held and the pass. A worker waits a moment for a slot or a token: it would only take up the next
    job and be refused again. A person's request is told at once.
    """
    until = time.monotonic() + (PATIENCE if is_working() else 0.0)
    while True:
        try:
            return _asked(limits, endpoint, name)
        except Transient as refusal:
            wait = min(refusal.retry_after or 0.0, _LOOK_AGAIN) * random.uniform(1.0, 1.5)  # noqa: S311 - keeps apart
            if refusal.code.endswith("breaker_open") or time.monotonic() + wait > until:
                raise
        time.sleep(wait)


def _asked(limits: Limits, endpoint: str, name: str) -> _Admission:
    slot = Slot(limits.system, limits.concurrency)
    if not slot.enter():
        _refuse_slot(limits, WAIT_SECONDS)
    with ExitStack() as undo:
        undo.callback(slot.leave)
        token = taking_token(limits.system, limits.rate_per_minute)
        answers = in_turn(slot.taking(), breaker.asking(name), token)
        if answers[-1] > 0:
            _refuse(limits, endpoint, name, slot, answers)
        undo.pop_all()
    return _Admission(slot, breaker.pass_of(answers[1]))


def _refuse(limits: Limits, endpoint: str, name: str, slot: Slot, answers: list[float]) -> NoReturn:
    """What was taken before the refusal is given back."""
    wait = answers[-1] / 1000
    if len(answers) == 1:
        _refuse_slot(limits, wait)
    back = [slot.giving()]
    if len(answers) == 3 and breaker.pass_of(answers[1]) == "probe":
        back.append(breaker.giving_back(name))
    in_turn(*back)
    if len(answers) == 2:
        message = f"{limits.system} fails too often: {endpoint} rests, nothing was sent"
        raise Transient(f"{limits.prefix}.breaker_open", message, retry_after=wait)
    raise Transient(f"{limits.prefix}.no_token", "the agreed call rate is used up", retry_after=wait)


def _refuse_slot(limits: Limits, wait: float) -> NoReturn:
    raise Transient(f"{limits.prefix}.no_slot", "all slots are taken, nothing was sent", retry_after=wait)


@contextmanager
def _recorded(
    limits: Limits, endpoint: str, reference: str, name: str, admitted: _Admission, pace: str
) -> Iterator[None]:
    began, failure = time.monotonic(), None
    ok = False
    try:
        yield
        ok = True
    except SystemCallError as error:
        failure, ok = error, not _counts(error)
        raise
    finally:
        took = (time.monotonic() - began) * 1000
        admitted.slot.leave()
        ends = [admitted.slot.giving(), breaker.recording(name, admitted.how, ok=ok)]
        if (failure is None and ok) or _pushed_back(failure):
            pushed, most = failure is not None, limits.concurrency
            ends.append(adaptive.observing(limits.system, pace or endpoint, took, pushed_back=pushed, most=most))
        in_turn(*ends)
        note_call(
            system=limits.system,
            call=endpoint,
            reference=reference,
            outcome=_outcome(failure, ok=ok),
            error_code=failure.code if failure else "",
            duration_ms=took,
        )


def _counts(error: SystemCallError) -> bool:
    """Whether the error says that the system is unwell."""
    if isinstance(error, UnknownOutcome):
        return True
    return isinstance(error, Transient) and error.code.rpartition(".")[2] not in _HEALTHY


def _pushed_back(error: SystemCallError | None) -> bool:
    """Whether the system could not keep up: no answer in time, or a polite word that it is busy."""
    return isinstance(error, UnknownOutcome | Transient) and not error.code.endswith("too_late")


def _outcome(failure: SystemCallError | None, *, ok: bool) -> str:
    if failure is not None:
        return type(failure).__name__.lower()
    return "ok" if ok else "crashed"
