"""Who buys: the account behind a partner that sends orders and is billed."""

from __future__ import annotations

from distportal.accounts.models import Account
from edi.errors import NotPlaceable
from edi.models import TradingPartner


def buyer_of(partner: TradingPartner) -> Account:
    """The partner's account. Raises NotPlaceable for a warehouse or carrier: they have none."""
    if partner.account is None:
        problem = f"{partner} is no buyer, it has no account. Correct the partner in the back office"
        raise NotPlaceable(problem, code="no_buyer", problems=[problem])
    return partner.account
