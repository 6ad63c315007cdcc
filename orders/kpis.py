"""What monitoring reads of shipments on their way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from distportal.events.clock import database_now
from distportal.observability.figures import Figure, figure_source, one
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
