"""What a dealer may read of the EDI agreed with them: how, which documents, and how it runs; no secrets."""

from __future__ import annotations

from dataclasses import dataclass

from distportal.accounts.models import Account
from edi.choices import Direction
from edi.models import Agreement, TradingPartner
from edi.queries.agreements import agreements_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EdiSettings:
    """One partner's settings with its agreements by direction."""

    partner: TradingPartner
    transport: str
    receives: list[Agreement]
    sends: list[Agreement]


def edi_settings(account: Account) -> list[EdiSettings]:
    """The settings of every partner of the account; empty where nothing is exchanged."""
    rows = TradingPartner.objects.filter(account=account, active=True).select_related("mailbox").order_by("name")
    return [_settings(partner) for partner in rows.prefetch_related("agreements")]


def _settings(partner: TradingPartner) -> EdiSettings:
    agreed = sorted((a for a in agreements_of(partner) if a.active), key=lambda a: a.set_id)
    mailbox = getattr(partner, "mailbox", None)
    return EdiSettings(
        partner=partner,
        transport=mailbox.get_transport_display() if mailbox else "",
        receives=[a for a in agreed if a.direction == Direction.IN],
        sends=[a for a in agreed if a.direction == Direction.OUT],
    )
