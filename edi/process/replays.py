"""That somebody read or sent something once more is a fact of its own: the row itself is as it was."""

from __future__ import annotations

from uuid import UUID

from distportal.events.base import Event
from distportal.events.outbox import publish
from edi.models import TradingPartner


def replay_fact(what: str, *, aggregate: str, pk: UUID, partner: TradingPartner, title: str) -> None:
    """`what` was done to the row again, by whoever acts now."""
    account = partner.account.code if partner.account else partner.code
    payload = {"partner": account, "title": title}
    publish(Event(type=what, aggregate_type=aggregate, aggregate_id=str(pk), payload=payload))
