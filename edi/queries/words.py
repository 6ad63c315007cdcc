"""What partners call units and places, and what we call them: their mapping tables (distportal.systems.mapping)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from distportal.systems.mapping.models import CrossReference
from distportal.systems.mapping.queries import references
from distportal.systems.mapping.registry import Scope, Wanted
from edi.choices import Direction
from edi.models import Document, TradingPartner
from orders.models import Order


def words_scope(partner: TradingPartner) -> str:
    """Whose tables a partner's words are in."""
    return f"partner:{partner.code}"


def partner_scopes(wanted: Wanted) -> Iterator[Scope]:
    """Partners that are exchanged with."""
    rows = TradingPartner.objects.filter(active=True).order_by("name")
    if wanted.codes is not None:
        rows = rows.filter(code__in=wanted.codes)
    else:
        rows = rows.filter(Q(name__icontains=wanted.text) | Q(code__icontains=wanted.text))
    for code, name in rows.values_list("code", "name")[: wanted.most]:
        yield Scope(f"partner:{code}", f"{name}, EDI ({code})")


def words_in_force(partner: TradingPartner) -> list[CrossReference]:
    """The partner's words that hold today."""
    return list(references(scope=words_scope(partner), validity="now"))


def scope_of_order(order: Order) -> str:
    """The tables of the partner whose document the order came in; "" where none did."""
    rows = Document.objects.filter(correlation_id=order.correlation_id, direction=Direction.IN).order_by("created_at")
    partner = rows.select_related("partner").first()
    return words_scope(partner.partner) if partner else ""
