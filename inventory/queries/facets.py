"""Ways to narrow the catalogue that inventory itself knows of."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now, TruncDate

from distportal.accounts.models import Account
from inventory.choices import ReservationState
from inventory.models import Item, Price, Reservation, StockLevel
from inventory.queries.search import BY_SKU


def in_stock(rows: QuerySet[Item], account: Account) -> QuerySet[Item]:
    """Items of which some warehouse has more than is held there already."""
    held = Reservation.objects.filter(
        state=ReservationState.HELD, due_on=None, item=OuterRef("item"), warehouse=OuterRef("warehouse")
    )
    there = StockLevel.objects.filter(item=OuterRef("pk"), available__gt=0).annotate(
        held=Coalesce(Subquery(held.order_by().values("item").annotate(sum=Sum("quantity")).values("sum")), Decimal(0))
    )
    return rows.filter(Exists(there.filter(available__gt=F("held"))))


def on_contract(rows: QuerySet[Item], account: Account) -> QuerySet[Item]:
    """Items with a contract price of the account that holds today, in its currency."""
    today = TruncDate(Now())
    agreed = Price.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        account=account,
        currency=account.currency,
        withdrawn=False,
        valid_from__lte=today,
    )
    return rows.filter(pk__in=agreed.values("item")).order_by(BY_SKU)
