"""Compare every stock figure with the ERP's snapshot, the truth; an older figure never overwrites a newer one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from distportal.systems.erp.port import Change
from distportal.systems.ownership import DEFAULT, hold_ownership
from inventory.models import StockLevel
from inventory.process.applying import apply_stock
from inventory.process.feeds import connected
from inventory.process.live.news import tell_news, void_answers
from inventory.process.owned import owned_changes
from inventory.process.reconciling import CASE_KIND, Tally, reconciliation, report_drift, settle_drift
from inventory.process.snapshots import snapshot_pieces
from inventory.process.standing import LONG_AGO
from inventory.queries.drift import open_drift

SETTLING = dt.timedelta(minutes=10)
"""A figure that changed since is on its way by the feed and is no difference yet."""
Key = tuple[str, str]


def reconcile_stock(*, of: str = DEFAULT) -> None:
    """Each row of the connection is compared and brought to the ERP's figure; one case tells each that differed or that
    the ERP has not.

    No transaction is open while the ERP is asked. Raises RetryLater while it does not answer.
    """
    port = connected(of)
    if port is None:
        return
    with reconciliation("stock", of=of) as tally:
        seen: set[Key] = set()
        newest: dt.datetime | None = None
        told = open_drift(kind=CASE_KIND, code="stock_differs")
        for page in snapshot_pieces(port, "stock"):
            _compare(tally, page, told, of)
            seen |= {_key(change) for change in page}
            newest = max([c.occurred_at for c in page] + ([newest] if newest else []), default=newest)
        if newest is not None:
            _report_gone(tally, seen, of, before=newest - SETTLING)


@transaction.atomic
def _compare(tally: Tally, page: Sequence[Change], told: set[str], of: str) -> None:
    """`told` are the subjects whose difference has an open case."""
    hold_ownership()
    page = owned_changes("stock", page, of=of)
    ours = {
        (row.item.sku, row.warehouse.code): row
        for row in StockLevel.objects.select_for_update(of=("self",), no_key=True)
        .filter(item__sku__in={c.payload["sku"] for c in page}, erp=of)
        .select_related("item", "warehouse")
        .order_by("item_id", "warehouse_id")
    }
    for change in page:
        tally.checked += 1
        key, row = _key(change), ours.get(_key(change))
        theirs = Decimal(change.payload["available"])
        as_of = dt.datetime.fromisoformat(change.payload["as_of"])
        if row is None or row.as_of > as_of:
            continue  # not read yet, or ours is newer: the snapshot was made before
        if row.available == theirs:
            if _subject(key) in told:
                settle_drift(code="stock_differs", subject_type="stock", subject_id=_subject(key))
        elif row.as_of == as_of:
            report_drift(
                tally, code="stock_differs", subject_type="stock", subject_id=_subject(key),
                sentence=f"{key[0]} in {key[1]}: the portal held {row.available.normalize():f} available, the ERP has "
                f"{theirs.normalize():f} for the same moment. The ERP's figure was taken",
                ours=str(row.available), theirs=str(theirs),
            )  # fmt: skip
            StockLevel.objects.filter(pk=row.pk).update(available=theirs, on_hand=Decimal(change.payload["on_hand"]))
    apply_stock(page, erp=of)
    tell_news("stock", page, connection=of)


@transaction.atomic
def _report_gone(tally: Tally, seen: set[Key], of: str, *, before: dt.datetime) -> None:
    """What the ERP does not stock any more promises nothing; what a former ERP had there needs no word."""
    gone: set[str] = set()
    rows = StockLevel.objects.filter(erp=of, as_of__lt=before).exclude(available=0, on_hand=0)
    rows = rows.select_related("item", "warehouse").order_by("item_id", "warehouse_id")
    for row in rows.iterator(chunk_size=2000):
        key = (row.item.sku, row.warehouse.code)
        if key in seen:
            continue
        if row.as_of > LONG_AGO:
            _tell_gone(tally, row, key)
        gone.add(key[0])
        StockLevel.objects.filter(pk=row.pk).update(
            available=0, on_hand=0, supply_on=None, supply_quantity=0, supplies=[], lots=[]
        )
    void_answers("stock", gone, connection=of)


def _tell_gone(tally: Tally, row: StockLevel, key: Key) -> None:
    report_drift(
        tally, code="stock_gone", subject_type="stock", subject_id=_subject(key),
        sentence=f"{key[0]} in {key[1]}: the ERP holds no such stock any more, the portal had "
        f"{row.available.normalize():f}. It is nothing now",
    )  # fmt: skip


def _key(change: Change) -> Key:
    return change.payload["sku"], change.payload["warehouse"]


def _subject(key: Key) -> str:
    return f"{key[0]}@{key[1]}"[:64]
