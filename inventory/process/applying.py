"""Write one page of ERP changes: the newer as-of or version wins, an equal one is nothing new."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import structlog
from django.db.models.functions import Collate

from distportal.accounts.process import record_credit
from distportal.canonical.base import plain
from distportal.common.units import SMALLEST
from distportal.systems.erp.port import Change
from distportal.systems.ownership import DEFAULT
from inventory.choices import ItemStatus, ReservationState, SubstituteReason
from inventory.models import Item, Reservation
from inventory.process.keeping import told_hazard, told_lots, told_shelf_life
from inventory.process.merging import ITEMS, PRICES, STOCK, Merged, merge_rows
from inventory.process.repromising import ask_to_repromise
from inventory.process.reservations import end_seen
from inventory.process.staging import Row
from inventory.process.words import learn_words
from inventory.queries.items import normalise_barcode, normalise_code

log = structlog.get_logger(__name__)


def apply_items(changes: Sequence[Change], *, erp: str = DEFAULT) -> Merged:
    """The items that are new or newer. The changes are of things that are with the connection `erp`, here and below.
    One that the ERP deleted is discontinued: orders and papers still name it.
    """
    there = [change for change in changes if not change.deleted]
    merged = merge_rows((_item(change, erp) for change in there), into=ITEMS)
    learn_words(change.payload["name"] for change in there)
    return sum((_end(change, erp) for change in changes if change.deleted), merged)


def _end(change: Change, erp: str) -> Merged:
    rows = Item.objects.filter(erp=erp, erp_code=change.erp_id).exclude(status=ItemStatus.DISCONTINUED)
    older = rows.annotate(known=Collate("erp_version", "C")).filter(known__lt=change.version)
    ended = older.update(status=ItemStatus.DISCONTINUED, as_of=change.occurred_at, erp_version=change.version)
    return Merged(ended, change.occurred_at if ended else None)


def _item(change: Change, erp: str) -> Row:
    data = change.payload
    packs = [_pack(told) for told in data.get("packs") or () if _holds_something(told, data["sku"])]
    return (
        erp,
        change.erp_id,
        data["sku"],
        normalise_code(data["sku"]),
        data["upc"],
        data["name"][:160],
        data.get("description", ""),
        data["family"],
        data["base_unit"],
        data["pack_unit"],
        data["pack_size"],
        json.dumps(packs),
        json.dumps(sorted({barcode for pack in packs if (barcode := normalise_barcode(pack["barcode"]))})),
        "true" if data.get("base_sold", True) else "false",
        data.get("min_quantity") or "0",
        data.get("order_multiple") or "0",
        data["list_price"],
        data["currency"],
        data["status"],
        data.get("last_order_on") or None,
        "true" if data.get("while_stock_lasts") else "false",
        json.dumps([_substitute(told) for told in data.get("substitutes") or ()]),
        "true" if data["hazmat"] else "false",
        json.dumps(told_hazard(data)),
        str(told_shelf_life(data)),
        json.dumps(list(data["restricted_regions"])),
        data.get("weight_lb") or None,
        change.occurred_at.isoformat(),
        change.version,
    )


def _holds_something(told: Mapping[str, Any], sku: str) -> bool:
    """A level that cannot be counted in is passed over and told in the log; the item is worth more than one level."""
    size = Decimal(told["size"])
    good = size.is_finite() and size > 0 and size == size.quantize(SMALLEST)
    if not good:
        log.warning("sync.pack_passed_over", sku=sku, unit=told["unit"], size=told["size"])
    return good


def _pack(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit": told["unit"],
        "size": plain(Decimal(told["size"])),
        "barcode": told.get("barcode") or "",
        "sold": bool(told.get("sold", True)),
    }


def _substitute(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may stand for the item; an ERP that does not say why means an equivalent."""
    return {
        "sku": told["sku"],
        "reason": SubstituteReason(told.get("reason") or SubstituteReason.EQUIVALENT).value,
        "priority": int(told.get("priority") or 0),
        "valid_from": told.get("valid_from") or None,
        "valid_until": told.get("valid_until") or None,
    }


def unknown_skus(changes: Sequence[Change]) -> set[str]:
    """The SKUs that stock or price changes name and that we have no item for."""
    named = {c.payload["sku"] for c in changes if not c.deleted}
    return named - set(Item.objects.filter(sku__in=named).values_list("sku", flat=True))


def apply_stock(changes: Sequence[Change], *, erp: str = DEFAULT) -> Merged:
    """The stock rows that are new or newer; reservations that the new figures include end with them, what was
    promised of receipts is looked at again. What the ERP does not stock any more is nothing.
    """
    told = [c for c in changes if c.payload.get("sku")]
    merged = merge_rows((_stock(change, erp) for change in told), into=STOCK)
    if merged.count:
        held = Reservation.objects.filter(state=ReservationState.HELD, erp_allocated_at__isnull=False)
        named = held.filter(item__sku__in={c.payload["sku"] for c in told})
        end_seen(item_ids=list(named.values_list("item_id", flat=True).distinct()))
        ask_to_repromise(skus={c.payload["sku"] for c in told})
    return merged


def _stock(change: Change, erp: str) -> Row:
    data: Mapping[str, Any] = change.payload
    supplies = [] if change.deleted else data.get("supplies") or []
    first = min(supplies, key=lambda told: told["on"], default=None)
    return (
        erp,
        data["sku"],
        data["warehouse"],
        "0" if change.deleted else data["on_hand"],
        "0" if change.deleted else data["available"],
        None if change.deleted else (first["on"] if first else data.get("supply_on")),
        "0" if change.deleted else (first["quantity"] if first else data.get("supply_quantity") or "0"),
        json.dumps(supplies),
        json.dumps([] if change.deleted else told_lots(data)),
        data.get("as_of") or change.occurred_at.isoformat(),
        change.version,
    )


def apply_prices(changes: Sequence[Change], *, erp: str = DEFAULT) -> Merged:
    """The rungs that are new, newer or withdrawn; rungs of items or accounts that we do not know are skipped."""
    newest: dict[str, Change] = {}
    for change in changes:
        if change.erp_id not in newest or change.version > newest[change.erp_id].version:
            newest[change.erp_id] = change
    return merge_rows((_withdrawal(c, erp) if c.deleted else _price(c, erp) for c in newest.values()), into=PRICES)


def _withdrawal(change: Change, erp: str) -> Row:
    """Nothing but the key: what the rung was stays as it is known."""
    as_of = change.occurred_at.isoformat()
    return (erp, change.erp_id, *(None for _ in range(9)), "true", as_of, change.version)


def _price(change: Change, erp: str) -> Row:
    data = change.payload
    return (
        erp,
        change.erp_id,
        data["sku"],
        data["account"],
        data.get("price_group") or "",
        data["contract"],
        data["min_quantity"],
        data["unit_price"],
        data["currency"],
        data["valid_from"],
        data.get("valid_until") or None,
        "false",
        change.occurred_at.isoformat(),
        change.version,
    )


def apply_customers(changes: Sequence[Change], *, erp: str = DEFAULT) -> Merged:
    """The accounts that got newer credit figures. What an account owes and may order is not told by its end there."""
    told = (change for change in changes if not change.deleted)
    return sum((Merged(1, change.occurred_at) for change in told if _credited(change, erp)), Merged())


def _credited(change: Change, erp: str) -> bool:
    data = change.payload
    return record_credit(
        account_code=data["account"],
        erp_code=data["erp_code"],
        blocked=data["status"] == "blocked",
        credit_limit=Decimal(data["credit_limit"]),
        credit_balance=Decimal(data["credit_balance"]),
        price_group=data.get("price_group"),
        least_shelf_life=told_shelf_life(data) if data.get("least_shelf_life") is not None else None,
        as_of=change.occurred_at,
        erp_version=change.version,
        erp=erp,
    )
