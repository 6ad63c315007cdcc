"""Bring every price to the ERP's snapshot; an older version never overwrites a newer one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from distportal.systems.erp.port import Change
from distportal.systems.ownership import DEFAULT, hold_ownership
from inventory.models import Price
from inventory.process.applying import apply_prices
from inventory.process.feeds import connected
from inventory.process.live.news import price_tags_of, tell_news, void_answers
from inventory.process.owned import owned_changes
from inventory.process.reconciling import Tally, reconciliation
from inventory.process.snapshots import snapshot_pieces

SETTLING = dt.timedelta(minutes=10)
"""A price that changed since the newest of the snapshot is on its way by the feed."""


def reconcile_prices(*, of: str = DEFAULT) -> None:
    """Prices of the connection that the feed missed are taken in, those that the ERP has no more are gone; both are
    counted as drift.

    No transaction is open while the ERP is asked. Raises RetryLater while it does not answer; nothing is gone then.
    """
    port = connected(of)
    if port is None:
        return
    with reconciliation("price", of=of) as tally:
        seen: set[str] = set()
        newest: dt.datetime | None = None
        for piece in snapshot_pieces(port, "price"):
            tally.checked += len(piece)
            if missed := _take_in(piece, of):
                tally.differences["price_missed"] += missed
            seen |= {change.erp_id for change in piece}
            newest = max([c.occurred_at for c in piece] + ([newest] if newest else []))
        if newest is not None:
            _drop_gone(tally, seen, of, before=newest - SETTLING)


@transaction.atomic
def _take_in(piece: Sequence[Change], of: str) -> int:
    hold_ownership()
    ours = owned_changes("price", piece, of=of)
    known = dict(Price.objects.filter(erp=of, erp_id__in=[c.erp_id for c in ours]).values_list("erp_id", "erp_version"))
    # Only what is news: a snapshot tells all prices, and every answer on them would be asked for again each night.
    tell_news("price", [c for c in ours if c.version > known.get(c.erp_id, "")], connection=of)
    return apply_prices(ours, erp=of).count


@transaction.atomic
def _drop_gone(tally: Tally, seen: set[str], of: str, *, before: dt.datetime) -> None:
    """The snapshot is the truth about what is there: a row that it lacks needs no mark of how it ended."""
    rows = Price.objects.filter(erp=of, as_of__lt=before, withdrawn=False).values_list("pk", "erp_id")
    gone = [pk for pk, erp_id in rows.iterator(chunk_size=10_000) if erp_id not in seen]
    if gone:
        tally.differences["price_gone"] += len(gone)
        void_answers("price", price_tags_of(gone), connection=of)
        Price.objects.filter(pk__in=gone).delete()
