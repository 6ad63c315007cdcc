"""What was agreed with a partner about orders and their answers."""

from __future__ import annotations

from edi.documents.options import OrderOptions
from edi.models import TradingPartner


def order_options(partner: TradingPartner) -> OrderOptions:
    """The partner's options; the defaults where nothing was agreed."""
    return OrderOptions.of(getattr(partner, "options", None) or {})
