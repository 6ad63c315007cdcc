"""Which partners are told of something by schedule."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from edi.choices import PartnerRole
from edi.models import TradingPartner


def partners_on_schedule() -> QuerySet[TradingPartner]:
    """The active buyers that are told of stock or prices at set times."""
    rows = TradingPartner.objects.filter(active=True, role=PartnerRole.BUYER)
    return rows.filter(Q(advice_hours__gt=0) | Q(catalogue_days__gt=0)).order_by("pk")


def buyer_named(code: str) -> TradingPartner:
    """The partner with its account. Raises TradingPartner.DoesNotExist."""
    return TradingPartner.objects.select_related("account").get(code=code)
