"""The one way in for every change of an order that was placed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation

from distportal.accounts.speaking import ENGLISH
from distportal.canonical.base import content_hash, to_json
from distportal.canonical.orders import OrderChange
from distportal.observability.correlation import correlation_id
from exceptions.process.cases import open_case
from orders.models import ChangeRequest, Order
from orders.process.case_facts import about
from orders.process.changes.deciding import decide_change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlacement:
    """The change, and whether it is new (`requested`), was there already (`repeated`) or contradicts one that has its
    number (`conflict`, with a case).
    """

    change: ChangeRequest
    outcome: str


def request_change(*, order_id: UUID, change: OrderChange, source_key: str, asked_name: str = "") -> ChangePlacement:
    """The change is in, and decided, waiting its turn, held with one case, or on its way to the ERP. The same
    `source_key`, or the same sequence with the same content, gives the change that is there; the same sequence with
    other content opens one case and changes nothing.
    """
    with translation.override(ENGLISH):  # what is stored is English, whoever asks
        for _ in range(3):
            try:
                return _request(order_id, change, source_key, asked_name)
            except IntegrityError:
                continue  # the same change came twice at this moment: look again and find it
        return _request(order_id, change, source_key, asked_name)


@transaction.atomic
def _request(order_id: UUID, change: OrderChange, source_key: str, asked_name: str) -> ChangePlacement:
    digest = _digest(change)
    known = ChangeRequest.objects.filter(source_key=source_key).first() or _earlier(order_id, change, digest)
    if known is not None:
        if known.content_hash == digest:
            return ChangePlacement(change=known, outcome="repeated")
        _open_conflict_case(known, change)
        return ChangePlacement(change=known, outcome="conflict")
    row = ChangeRequest.objects.create(
        order_id=order_id,
        source_key=source_key,
        channel=change.channel,
        purpose=change.purpose,
        sequence=change.sequence,
        content_hash=digest,
        canonical=to_json(change),
        asked_name=asked_name,
        correlation_id=correlation_id(),
    )
    decide_change(change_id=row.pk)
    row.refresh_from_db()
    return ChangePlacement(change=row, outcome="requested")


def _earlier(order_id: UUID, change: OrderChange, digest: str) -> ChangeRequest | None:
    """The change with that sequence; one without a sequence is the last one again where content and date are alike."""
    rows = ChangeRequest.objects.filter(order_id=order_id)
    if change.sequence:
        return rows.filter(sequence=change.sequence).first()
    last = rows.order_by("-requested_at").first()
    same_day = last is not None and last.canonical["changed_on"] == change.changed_on.isoformat()
    return last if same_day and last is not None and last.content_hash == digest else None


def _digest(change: OrderChange) -> str:
    """The hash of what is asked, not of how or when it came."""
    asked = to_json(change)
    return content_hash(
        {name: value for name, value in asked.items() if name not in ("channel", "changed_on", "notes")}
    )


def _open_conflict_case(first: ChangeRequest, change: OrderChange) -> None:
    order = Order.objects.select_related("account").get(pk=first.order_id)
    open_case(
        kind="order.change_conflict",
        code="change_conflict",
        subject_type="order_change",
        subject_id=str(first.pk),
        sentence=f"{order}, PO {order.po_number}: change {change.sequence} came again with other content; "
        f"the first one holds ({first.get_status_display().lower()}), of the second nothing was done",
        **about(order),
        data={"order": str(order.pk), "first": first.canonical, "second": to_json(change)},
    )
