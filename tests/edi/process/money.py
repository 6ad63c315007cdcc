"""A partner's 820s, 812s, 180s and 824s, and orders that were billed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal

from edi.choices import Direction
from edi.documents.registry import functional_id_of
from edi.models import Document
from edi.seeds import partner_file
from edi.x12.tokens import Elements
from orders.models import Invoice, Order
from tests.edi.conftest import Post

_numbers = itertools.count(7001)
ALL_SETS = ["850", "820", "812", "180", "824"]


def agree(post: Post, *outbound: str) -> Post:
    """All of them may come, these may go."""
    post.agree("in", *ALL_SETS)
    post.agree("out", *outbound)
    return post


def take(post: Post, set_id: str, *rows: Elements | str) -> Document:
    """The document after everything that follows from it; rows may be written with stars."""
    body = [row.split("*") if isinstance(row, str) else row for row in rows]
    number = next(_numbers)
    post.take(partner_file(post.partner, number, set_id, functional_id_of(set_id), body))
    return Document.objects.filter(direction=Direction.IN, set_id=set_id).latest("created_at")


def remit(post: Post, amount: Decimal | str, *rows: Elements | str, trace: str = "") -> Document:
    """An 820 over the amount; rows stand below ENT."""
    trace = trace or f"T-{next(_numbers)}"
    head = (f"BPR*C*{amount}*C*ACH************20261202", f"TRN*1*{trace}", "ENT*1")
    return take(post, "820", *head, *rows)


def billed(
    post: Post, ship: Callable[[str], None], *lines: tuple[str, str, str], po: str = "", ship_to: str = "0117"
) -> Invoice:
    """The invoice of an order that the partner sent and the ERP shipped."""
    post.take(post.order(*(lines or (("FST-10001", "10", "0.42"),)), po=po, ship_to=ship_to))
    order = Order.objects.latest("number")
    assert order.status == "confirmed", list(order.findings.values_list("message", flat=True))
    ship(order.erp_number)
    return Invoice.objects.get(order=order)
