"""832: what a partner may buy and what it pays, in as many sets as it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.canonical.parts import ItemId
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.documents.catalogue832 import Catalogue, CatalogueItem, CataloguePrice, write_832
from edi.models import Document, TradingPartner
from edi.process.control_numbers import hold_numbers
from edi.process.item_names import item_names
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.documents import sent_document
from edi.queries.schedules import buyer_named
from edi.queries.stock import blocks, items_for, quotes_for, sold
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from inventory.models import Item
    from inventory.queries.prices import PriceQuote

BLOCK = 500
"""Items in one 832: each block is a set, a file and a transaction of its own, so memory stays flat."""


def send_catalogue(*, partner_code: str, number: str) -> int:
    """How many 832s tell the catalogue of that number; begun again, it goes on where it was. Nothing without 832."""
    partner = buyer_named(partner_code)
    account = partner.account
    if account is None or not wants(partner, "832"):
        return 0
    cut = blocks(sold(items_for(account)), width=BLOCK)
    return sum(_send_block(partner, account, number, span) for span in cut)


def first_catalogue(*, partner_code: str) -> Document | None:
    """The first 832 of all that `send_catalogue` would send now; None where it would send nothing."""
    partner, number = buyer_named(partner_code), f"{timezone.localtime(database_now()):%y%m%d%H%M%S}"
    account = partner.account
    if account is None or not wants(partner, "832"):
        return None
    for span in blocks(sold(items_for(account)), width=BLOCK):
        if _send_block(partner, account, number, span):
            return sent_document(set_id="832", business_key=_key(partner, number, span))
    return None


def _key(partner: TradingPartner, number: str, span: tuple[int, int]) -> str:
    return f"832:{partner.pk}:{number}:{span[0]}"


@transaction.atomic
def _send_block(partner: TradingPartner, account: Account, number: str, span: tuple[int, int]) -> bool:
    """A fixed number of queries whatever the block holds."""
    hold_numbers(partner=partner)
    key = _key(partner, number, span)
    if sent_document(set_id="832", business_key=key):
        return False
    rows = list(sold(items_for(account)).filter(pk__range=span).order_by("pk"))
    if not rows:
        return False
    today = site_day(database_now())
    quotes = quotes_for(account_id=account.pk, items=rows, on=today)
    names = item_names(partner=partner, account_id=account.pk, set_id="832", items=rows)
    catalogue = Catalogue(
        number=number,
        part=str(span[0] // BLOCK),
        on=today,
        items=[_item(row, names[row.pk], quotes[row.pk]) for row in rows],
        currency=rows[0].currency,
    )
    body = write_832(catalogue, release=release_of(written_release(partner, "832")))
    send_set(partner=partner, outgoing=Outgoing(set_id="832", business_key=key, body=body))
    return True


def _item(item: Item, names: tuple[ItemId, ...], quote: PriceQuote) -> CatalogueItem:
    size = int(item.pack_size)
    whole = item.pack_size == size
    return CatalogueItem(
        names,
        item.name,
        item.base_unit,
        _prices(item, quote),
        item.pack_unit if whole else "",
        size if whole else 1,
        item.weight_lb,
    )


def _prices(item: Item, quote: PriceQuote) -> tuple[CataloguePrice, ...]:
    """Every step of the ladder that holds today; below its first step the list price holds."""
    steps = [
        CataloguePrice(rung.unit_price, rung.min_quantity, rung.contract, rung.valid_from, rung.valid_until)
        for rung in quote.ladder
    ]
    if not steps or steps[0].min_quantity > Decimal(1):
        steps.insert(0, CataloguePrice(item.list_price))
    return tuple(steps)
