"""What can still come back: what was billed less what was returned or is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, QuerySet, Sum, When

from distportal.accounts.models import Account
from orders.choices import InvoiceKind, ReturnStatus
from orders.models import Invoice, InvoiceLine, Return, ReturnLine
from orders.queries.payments import normalise_number


@dataclass(frozen=True, slots=True)
class Returnable:
    """One billed line and the most of it that can come back, in its unit."""

    line: InvoiceLine
    most: Decimal


def billed_lines(account: Account) -> QuerySet[InvoiceLine]:
    """The account's billed lines, the newest invoice first."""
    rows = InvoiceLine.objects.filter(invoice__account=account, invoice__kind=InvoiceKind.INVOICE)
    return rows.select_related("invoice__order", "item", "order_line").order_by("-invoice__issued_on", "-pk")


def returnable(lines: Iterable[InvoiceLine]) -> dict[int, Decimal]:
    """Invoice line id -> the most that can come back. Final only under the account's lock."""
    billed = {line.pk: line.quantity for line in lines}
    kept = Case(When(request__status__in=ReturnStatus.GRANTED, then=F("approved")), default=F("allowed"))
    rows = ReturnLine.objects.filter(invoice_line__in=billed).exclude(request__status=ReturnStatus.REJECTED)
    back = dict(rows.order_by().values_list("invoice_line").annotate(sum=Sum(kept)))
    return {pk: max(quantity - back.get(pk, Decimal(0)), Decimal(0)) for pk, quantity in billed.items()}


def returnable_lines(*, invoice: Invoice) -> list[Returnable]:
    """The lines of an invoice for a return form, each with its maximum; nothing is preset."""
    lines = list(invoice.lines.select_related("item", "order_line"))
    most = returnable(lines)
    return [Returnable(line, most[line.pk]) for line in lines]


def lines_for_items(*, account: Account, item_ids: Collection[int]) -> list[InvoiceLine]:
    """The account's billed lines of these items, the newest first; one query."""
    return list(billed_lines(account).filter(item__in=item_ids))


def is_of_invoice(line: InvoiceLine, number: str) -> bool:
    """Whether the line stands on the invoice of that number, however the buyer writes it."""
    return normalise_number(line.invoice.number) == normalise_number(number)


def asked_before(*, account: Account, reference: str) -> Return | None:
    """The account's return with its own number for it, the newest."""
    return Return.objects.filter(account=account, reference=reference).first() if reference else None
