"""What was agreed with a partner about orders and their answers."""

from __future__ import annotations

import dataclasses

from edi.choices import Direction
from edi.documents.options import OrderOptions
from edi.models import TradingPartner
from edi.queries.agreements import terms


def order_options(partner: TradingPartner) -> OrderOptions:
    """The partner's options, from the agreement of its 850; the defaults where nothing was agreed."""
    return OrderOptions.of(dataclasses.asdict(terms(partner, Direction.IN, "850")))
