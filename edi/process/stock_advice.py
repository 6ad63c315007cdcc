"""846: what there is of the items a partner may buy, whole or what changed; and answers to its inquiries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import Account
from distportal.canonical.base import content_hash
from distportal.canonical.parts import ItemId
from distportal.events.clock import database_now
from edi.documents.stock846 import MOST_LINES, StockAdvice, StockFigure, StockInquiry, read_846, write_846
from edi.models import AdvisedStock, Document, TradingPartner
from edi.process.control_numbers import hold_numbers
from edi.process.item_names import item_names
from edi.process.outbound import Outgoing, send_set
from edi.process.stock_figures import figures_of
from edi.process.using import unusable, use_document
from edi.queries.agreements import wants, written_release
from edi.queries.documents import sent_document
from edi.queries.schedules import buyer_named
from edi.queries.stock import blocks, is_discontinued, items_for, items_named
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from inventory.models import Item

BLOCK = 500
"""Items that travel in one 846: each block is a set, a file and a transaction of its own, so memory stays flat."""


def advise_stock(*, partner_code: str, slot: str, delta: bool) -> int:
    """How many 846s tell the slot's stock, each block of items once per slot; begun again, it goes on where it was."""
    partner = buyer_named(partner_code)
    account = partner.account
    if account is None or not wants(partner, "846"):
        return 0
    cut = blocks(items_for(account), width=BLOCK)
    return sum(_advise_block(partner, account, slot, span, delta=delta) for span in cut)


def first_advice(*, partner_code: str) -> Document | None:
    """The first 846 of all that `advise_stock` would tell now; None where it would tell nothing."""
    partner, slot = buyer_named(partner_code), f"{timezone.localtime(database_now()):%y%m%d%H%M%S}"
    account = partner.account
    if account is None or not wants(partner, "846"):
        return None
    for span in blocks(items_for(account), width=BLOCK):
        if _advise_block(partner, account, slot, span, delta=False):
            return sent_document(set_id="846", business_key=_key(partner, slot, span))
    return None


def _key(partner: TradingPartner, slot: str, span: tuple[int, int]) -> str:
    return f"846:{partner.pk}:{slot}:{span[0]}"


@transaction.atomic
def _advise_block(partner: TradingPartner, account: Account, slot: str, span: tuple[int, int], *, delta: bool) -> bool:
    hold_numbers(partner=partner)
    key = _key(partner, slot, span)
    if sent_document(set_id="846", business_key=key):
        return False
    rows = list(items_for(account).filter(pk__range=span).order_by("pk"))
    told = dict(AdvisedStock.objects.filter(partner=partner, item__in=rows).values_list("item_id", "digest"))
    figures = _figures(partner, account, rows)
    digests = {pk: content_hash(of_item) for pk, of_item in figures.items()}
    chosen = [row for row in rows if _is_told(row, figures[row.pk], told, digests[row.pk], delta=delta)]
    if not chosen:
        return False
    lines = [figure for row in chosen for figure in figures[row.pk]]
    _send(partner, key, f"{slot}-{span[0] // BLOCK}", lines, delta=delta)
    AdvisedStock.objects.bulk_create(
        [AdvisedStock(partner=partner, item=row, digest=digests[row.pk]) for row in chosen],
        update_conflicts=True,
        unique_fields=["partner", "item"],
        update_fields=["digest"],
    )
    return True


def _figures(partner: TradingPartner, account: Account, items: Sequence[Item]) -> dict[int, list[StockFigure]]:
    names = item_names(partner=partner, account_id=account.pk, set_id="846", items=items)
    return figures_of(items, names=names, by_warehouse=partner.advice_by_warehouse, shelf_life=account.least_shelf_life)


def _is_told(item: Item, figures: Sequence[StockFigure], told: dict[int, str], digest: str, *, delta: bool) -> bool:
    """A delta tells what differs from the last time. What is discontinued and gone is told to who knew it."""
    if is_discontinued(item) and item.pk not in told and not any(figure.available > 0 for figure in figures):
        return False
    return not delta or told.get(item.pk) != digest


def take_inquiry(*, document_id: UUID) -> None:
    """The inquiry is answered by one 846 for exactly the items asked for, or failed with one case."""
    use_document(document_id=document_id, read=read_846, use=_answer)


def _answer(document: Document, inquiry: StockInquiry) -> Sequence[str]:
    partner = document.partner
    account = partner.account
    if account is None or not wants(partner, "846"):
        raise unusable(f"{partner} asks for stock, and no 846 to it is agreed.")
    found = items_named(account_id=account.pk, names=[names for _, names in inquiry.lines])
    known = [item for item in found if item is not None]
    allowed = set(items_for(account).filter(pk__in=[item.pk for item in known]).values_list("pk", flat=True))
    figures = _figures(partner, account, known)
    lines: list[StockFigure] = []
    strange = 0
    for (_, names), item in zip(inquiry.lines, found, strict=True):
        if item is not None and item.pk in allowed:
            lines += [_as_asked(figure, names) for figure in figures[item.pk]]
            continue
        strange += 1
        note = "Unknown item" if item is None else "Not sold to your places"
        lines.append(StockFigure(names, "EA", Decimal(0), note=note))
    _send(partner, f"846:inquiry:{document.pk}", inquiry.number, lines, delta=False)
    return [f"Answered: {len(inquiry.lines)} items, {strange} of them unknown or not for sale."]


def _as_asked(figure: StockFigure, names: tuple[ItemId, ...]) -> StockFigure:
    """The numbers that the partner asked by stand in front; a qualifier is sent once, so they count before ours."""
    return replace(figure, items=tuple(dict.fromkeys([*names, *figure.items])))


def _send(partner: TradingPartner, key: str, number: str, lines: Sequence[StockFigure], *, delta: bool) -> None:
    """As many sets as the lines need; the first bears the key itself."""
    now = timezone.localtime(database_now())
    for part in range(0, len(lines), MOST_LINES):
        advice = StockAdvice(number=number, at=now, figures=lines[part : part + MOST_LINES], delta=delta)
        body = write_846(advice, release=release_of(written_release(partner, "846")))
        own_key = f"{key}:{part}" if part else key
        send_set(partner=partner, outgoing=Outgoing(set_id="846", business_key=own_key, body=body))
