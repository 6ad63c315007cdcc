"""What was agreed with a partner, per direction and set."""

from __future__ import annotations

from edi.models import TradingPartner


def wants(partner: TradingPartner, set_id: str) -> bool:
    """Whether the partner waits for documents of this set from us."""
    return set_id in partner.outbound_sets
