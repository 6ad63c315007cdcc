"""Compare every item with the ERP's snapshot, the truth; an older version never overwrites a newer one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from distportal.systems.erp.port import Change
from distportal.systems.ownership import DEFAULT, hold_ownership
from inventory.choices import ItemStatus
from inventory.models import Item
from inventory.process.applying import apply_items
from inventory.process.feeds import comparable
from inventory.process.live.news import tell_news
from inventory.process.owned import owned_changes
from inventory.process.reconciling import CASE_KIND, Tally, reconciliation, report_drift, settle_drift
from inventory.process.snapshots import snapshot_pieces
from inventory.queries.drift import open_drift

SETTLING = dt.timedelta(minutes=10)
"""An item that changed since is on its way by the feed and is no difference yet."""
MISSED, DIFFERS, GONE = "item_missed", "item_differs", "item_gone"
_TEXTS = ("name", "status", "base_unit", "pack_unit", "upc", "family", "currency")
_NUMBERS = ("list_price", "pack_size")


def reconcile_items(*, of: str = DEFAULT) -> None:
    """Each item of the connection is compared and brought to the ERP's word; one case tells each that the feed missed,
    that differed under the same version, or that the ERP has no more: that is discontinued.

    No transaction is open while the ERP is asked. Raises RetryLater while it does not answer; nothing ends then.
    """
    found = comparable("item", of=of)
    if found is None:
        return
    port, read_at = found
    with reconciliation("item", of=of) as tally:
        seen: set[str] = set()
        newest: dt.datetime | None = None
        told = {code: open_drift(kind=CASE_KIND, code=code) for code in (MISSED, DIFFERS, GONE)}
        for piece in snapshot_pieces(port, "item"):
            _compare(tally, piece, told, of, before=read_at - SETTLING)
            seen |= {change.erp_id for change in piece}
            newest = max([c.occurred_at for c in piece] + ([newest] if newest else []))
        if newest is not None:
            _end_gone(tally, seen, of, before=newest - SETTLING)


@transaction.atomic
def _compare(
    tally: Tally, piece: Sequence[Change], told: Mapping[str, set[str]], of: str, *, before: dt.datetime
) -> None:
    """`told` are the subjects with an open case by code; what is younger than `before`, when the feed was read, may
    still be on its way.
    """
    hold_ownership()
    piece = owned_changes("item", piece, of=of)
    rows = (
        Item.objects.select_for_update(no_key=True)
        .filter(erp=of, erp_code__in=[c.erp_id for c in piece])
        .order_by("pk")
    )
    ours = {row.erp_code: row for row in rows}
    news: list[Change] = []
    for change in piece:
        tally.checked += 1
        row, sku = ours.get(change.erp_id), str(change.payload["sku"])[:64]
        if row is not None and row.erp_version > change.version:
            continue  # ours is newer: the snapshot was made before
        fields = _differing(row, change.payload) if row is not None else ["it was not here"]
        if row is not None and row.erp_version == change.version:
            _judge_same(tally, row, change, fields, told)
        else:
            news.append(change)
            if fields and change.occurred_at < before and (row is None or row.erp_version):
                _report(tally, MISSED, sku, f"item {sku}: the feed missed what the ERP says, {', '.join(fields)}")
    apply_items(piece, erp=of)
    tell_news("item", news, connection=of)


def _judge_same(tally: Tally, row: Item, change: Change, fields: Sequence[str], told: Mapping[str, set[str]]) -> None:
    if fields:
        _report(tally, DIFFERS, row.sku, f"item {row.sku}: the portal held something else of it, {', '.join(fields)}")
        Item.objects.filter(pk=row.pk).update(erp_version="")  # what the ERP says of it is newer than nothing
        return
    for code, subjects in told.items():
        if row.sku in subjects:
            settle_drift(code=code, subject_type="item", subject_id=row.sku)


def _differing(row: Item, told: Mapping[str, Any]) -> list[str]:
    """`name was "Bolt", is "Bolt M8"`, for each field that differs."""
    found = [(name, str(getattr(row, name)), str(told.get(name) or "")) for name in _TEXTS]
    found = [(name, ours, theirs[:160]) for name, ours, theirs in found if ours != theirs[:160]]
    for name in _NUMBERS:
        ours, theirs = getattr(row, name), Decimal(str(told.get(name) or 0))
        if ours != theirs:
            found.append((name, f"{ours.normalize():f}", f"{theirs.normalize():f}"))
    if row.hazmat != bool(told.get("hazmat")):
        found.append(("hazmat", str(row.hazmat), str(bool(told.get("hazmat")))))
    return [f'{name.replace("_", " ")} was "{ours}", is "{theirs}"' for name, ours, theirs in found]


@transaction.atomic
def _end_gone(tally: Tally, seen: set[str], of: str, *, before: dt.datetime) -> None:
    """What the ERP has no more is not sold any more: orders and papers still name it."""
    rows = Item.objects.filter(erp=of, as_of__lt=before).exclude(status=ItemStatus.DISCONTINUED).exclude(erp_version="")
    gone = [row for row in rows.only("sku", "erp_code").order_by("pk").iterator(2000) if row.erp_code not in seen]
    for row in gone:
        _report(tally, GONE, row.sku, f"item {row.sku}: the ERP has no such item any more. It is discontinued now")
    Item.objects.filter(pk__in=[row.pk for row in gone]).update(status=ItemStatus.DISCONTINUED)


def _report(tally: Tally, code: str, sku: str, sentence: str) -> None:
    kept = f"{sentence}. The ERP's word was taken" if code != GONE else sentence
    report_drift(tally, code=code, subject_type="item", subject_id=sku[:64], sentence=kept[:400])
