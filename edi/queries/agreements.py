"""What was agreed with a partner, per direction and set."""

from __future__ import annotations

from edi.models import TradingPartner


def wants(partner: TradingPartner, set_id: str) -> bool:
    """Whether the partner waits for documents of this set from us."""
    return set_id in partner.outbound_sets


def credit_memo_sets(partner: TradingPartner) -> list[str]:
    """The sets that tell the partner of a credit memo: those chosen for it, else 812 where agreed, else 810."""
    agreed = [set_id for set_id in ("810", "812") if wants(partner, set_id)]
    chosen = [set_id for set_id in agreed if set_id in partner.credit_memo_sets]
    return chosen or agreed[-1:]
