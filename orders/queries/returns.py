"""What can still come back: what was billed less what was returned or is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils import timezone

from distportal.accounts.models import Account, User
from inventory.queries.items import normalise_code
from orders.choices import InvoiceKind, ReturnStatus
from orders.models import InvoiceLine, Return, ReturnLine
from orders.queries.limits import return_days
from orders.queries.numbers import order_digits
from orders.queries.payments import normalise_number

MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Returnable:
    """One billed line and the most of it that can come back, in its unit."""

    line: InvoiceLine
    most: Decimal


def billed_lines(account: Account) -> QuerySet[InvoiceLine]:
    """The account's billed lines, the newest invoice first."""
    rows = InvoiceLine.objects.filter(invoice__account=account, invoice__kind=InvoiceKind.INVOICE)
    return rows.select_related("invoice__order", "item", "order_line").order_by("-invoice__issued_on", "-pk")


def first_returnable_day(account: Account) -> dt.date | None:
    """Goods billed on an earlier day no longer come back; None where there is no end."""
    days = return_days(account)
    return None if days is None else timezone.localdate() - dt.timedelta(days=days)


def choosable_lines(*, account: Account, text: str) -> list[Returnable]:
    """Up to 60 billed lines for a return form, the newest first, each with its maximum: those of the invoice, order or
    PO that was typed, or of items with that code. Only lines of items that we know. Three queries.
    """
    found, text = billed_lines(account).exclude(item=None), text.strip()
    if text:
        about = Q(invoice__number__iexact=text) | Q(item__code_norm__startswith=normalise_code(text))
        about |= Q(invoice__order__po_number__iexact=text)
        if digits := order_digits(text):
            about |= Q(invoice__order__number=int(digits))
        found = found.filter(about)
    first = first_returnable_day(account)
    lines = list(found[:MOST_CHOICES])
    most = returnable(lines)
    return [
        Returnable(line, Decimal(0) if first and line.invoice.issued_on < first else most[line.pk]) for line in lines
    ]


def returns_of(user: User, *, tab: str = "all") -> QuerySet[Return]:
    """The returns that a person may see, newest first; `open` are those that are not over."""
    rows = Return.objects.visible_to(user).select_related("account").defer("canonical")
    return rows.exclude(status__in=ReturnStatus.OVER) if tab == "open" else rows


def returnable(lines: Iterable[InvoiceLine]) -> dict[int, Decimal]:
    """Invoice line id -> the most that can come back. Final only under the account's lock."""
    billed = {line.pk: line.quantity for line in lines}
    kept = Case(
        When(request__status__in=ReturnStatus.GRANTED, then=F("approved")),
        When(request__status__in=ReturnStatus.BACK, then=F("received")),
        default=F("allowed"),
    )
    ended = (ReturnStatus.REJECTED, ReturnStatus.WITHDRAWN)
    rows = ReturnLine.objects.filter(invoice_line__in=billed).exclude(request__status__in=ended)
    back = dict(rows.order_by().values_list("invoice_line").annotate(sum=Sum(kept)))
    return {pk: max(quantity - back.get(pk, Decimal(0)), Decimal(0)) for pk, quantity in billed.items()}


def lines_for_items(*, account: Account, item_ids: Collection[int]) -> list[InvoiceLine]:
    """The account's billed lines of these items, the newest first; one query."""
    return list(billed_lines(account).filter(item__in=item_ids))


def is_of_invoice(line: InvoiceLine, number: str) -> bool:
    """Whether the line stands on the invoice of that number, however the buyer writes it."""
    return normalise_number(line.invoice.number) == normalise_number(number)


def asked_before(*, account: Account, reference: str) -> Return | None:
    """The account's return with its own number for it, the newest."""
    return Return.objects.filter(account=account, reference=reference).first() if reference else None
