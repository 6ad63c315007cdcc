"""Runs of the comparison with the ERP: begun, counted and ended, with one case per difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.errors import Transient
from distportal.systems.ownership import DEFAULT
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.models import Reconciliation

CASE_KIND = "erp.drift"


@dataclass(slots=True)
class Tally:
    """What one run has seen so far. `cursor` is where the next run of the feed begins."""

    checked: int = 0
    differences: Counter[str] = field(default_factory=Counter)
    cursor: str = ""


@contextmanager
def reconciliation(kind: str, *, of: str = DEFAULT) -> Iterator[Tally]:
    """One run over `kind` with the connection `of`: its numbers are kept however it ends. Raises RetryLater when the
    ERP stops answering.
    """
    row = Reconciliation.objects.create(kind=kind, connection=of)
    tally = Tally(cursor=last_cursor(kind, of=of))
    begun_at = tally.cursor
    try:
        yield tally
    except Transient as error:
        # what was compared is counted; the next run begins where this one did
        tally.cursor = begun_at
        _end(row, tally, state=Reconciliation.State.FAILED, error=error.message)
        raise RetryLater(error.message, after=60.0, counts=False) from error
    _end(row, tally, state=Reconciliation.State.DONE)


def last_cursor(kind: str, *, of: str = DEFAULT) -> str:
    """Where the last finished run of this kind stopped reading; empty before the first."""
    done = Reconciliation.objects.filter(kind=kind, connection=of, state=Reconciliation.State.DONE)
    return done.order_by("-started_at").values_list("cursor", flat=True).first() or ""


@transaction.atomic
def report_drift(
    tally: Tally,
    *,
    code: str,
    subject_type: str,
    subject_id: str,
    sentence: str,
    account: Account | None = None,
    **data: Any,
) -> None:
    """The difference is counted and has one open case."""
    tally.differences[code] += 1
    open_case(
        kind=CASE_KIND,
        code=code,
        subject_type=subject_type,
        subject_id=subject_id,
        sentence=sentence,
        queue="operations",
        account=account,
        data=data,
    )


def settle_drift(*, code: str, subject_type: str, subject_id: str) -> None:
    """Both sides say the same again: the case of the difference ends by itself."""
    resolve_cases(
        subject_type=subject_type,
        subject_id=subject_id,
        resolution=Resolution.BY_EVENT,
        reason="portal and ERP agree again",
        code=code,
    )


@transaction.atomic
def _end(row: Reconciliation, tally: Tally, *, state: str, error: str = "") -> None:
    Reconciliation.objects.filter(pk=row.pk).update(
        state=state,
        finished_at=database_now(),
        checked=tally.checked,
        differing=tally.differences.total(),
        differences=dict(tally.differences),
        cursor=tally.cursor,
        error=error[:300],
    )
