"""What monitoring reads of shipments on their way, and the rows of key figures that they and orders are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from distportal.events.clock import database_now
from distportal.measures.registry import Source, Told, add_source
from distportal.observability.figures import Figure, figure_source, one
from orders.models import Intake, Shipment
from orders.queries.kpi_rows import orders_sent_twice, shipments_by_news
from orders.queries.tracking import event_completeness

DAYS = 30


@figure_source("orders")
def shipment_figures() -> Iterable[Figure]:
    """How complete the news of the shipments of 30 days are; left out while there is nothing to count."""
    found = event_completeness(database_now() - dt.timedelta(days=DAYS))
    for name, text, share in (
        ("portal_shipments_tracked_ratio", "Share of shipments that a carrier told of", found.tracked_share),
        ("portal_deliveries_proven_ratio", "Share of deliveries with a proof", found.proven_share),
    ):
        if share is not None:
            yield Figure(name=name, text=text, samples=one(share))


def _tell_shipments(rows: Sequence[Shipment]) -> Iterator[Told]:
    for row in rows:
        arrived = f", delivered {row.delivered_at:%Y-%m-%d}" if row.delivered_at else ""
        detail = f"{row.order}, {row.carrier} {row.tracking_number}{arrived}"
        yield Told(title=f"Shipment {row.number}", detail=detail, url=reverse("orders:shipment", args=[row.number]))


def _tell_intakes(rows: Sequence[Intake]) -> Iterator[Told]:
    for row in rows:
        detail = f"PO {row.po_number} by {row.channel}: {row.get_outcome_display().lower()}"
        yield Told(title=str(row.order), detail=detail, url=reverse("orders:detail", args=[row.order.number]))


add_source(
    Source(kpi="shipment_events", name="shipments", title="Shipments", rows=shipments_by_news, tell=_tell_shipments)
)
add_source(
    Source(
        kpi="replay_activity", name="orders", title="Orders that came again", rows=orders_sent_twice,
        tell=_tell_intakes,
    )
)  # fmt: skip
