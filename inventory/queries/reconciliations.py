"""Runs of the comparison with an ERP."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.models import Reconciliation


@dataclass(frozen=True, slots=True)
class Compared:
    """One run: what it is known by, how much it laid next to each other, and how often each difference was found."""

    run: int
    checked: int
    differences: dict[str, int]


def last_comparison(kind: str, *, of: str) -> Compared | None:
    """The newest run of a kind with a connection, finished or not; None before the first."""
    row = Reconciliation.objects.filter(kind=kind, connection=of).order_by("-pk").first()
    return Compared(row.pk, row.checked, row.differences) if row else None
