"""Nightly comparisons that begin where the test does: what earlier tests left in the ERP is not compared again."""

from __future__ import annotations

from distportal.systems.erp.port import FeedKind
from distportal.systems.registry import erp
from inventory.models import Reconciliation
from inventory.process.reconciling import Tally
from orders.process.reconciling.feeds import changed_since

KINDS: tuple[FeedKind, ...] = ("order", "shipment", "invoice")


def compared_until_now() -> None:
    """As if all had been compared just now."""
    for kind in KINDS:
        tally = Tally()
        for _ in changed_since(erp(), kind, tally):
            pass
        Reconciliation.objects.create(kind=kind, state=Reconciliation.State.DONE, cursor=tally.cursor)


def compare_anew() -> None:
    """The next comparison begins where `compared_until_now` ended."""
    first = [Reconciliation.objects.filter(kind=kind).earliest("pk").pk for kind in KINDS]
    Reconciliation.objects.exclude(pk__in=first).delete()
