"""Orders and what followed them, by the numbers on papers, parcels and in the ERP."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.common.money import show_money
from distportal.events.finding import MOST, Found, Number
from distportal.systems.models import ErpConnection
from orders.models import Dispute, ErpCommand, Invoice, Order, Return, Shipment


def orders_numbered(number: Number, user: User) -> Iterator[Found]:
    """By our number, the PO (as people spell it), or the number or key that the ERP knows the order by."""
    named = Q(po_norm=number.plain)
    ours = number.digits("SO")
    if ours is not None:
        named |= Q(number=ours)
    commands = ErpCommand.objects.filter(
        Q(order_key__in=number.spellings) | Q(erp__in=_erps(), erp_number__in=number.spellings), order__isnull=False
    )
    # a list, not a subquery: it is short, and the planner then walks the index of orders
    in_erp = list(commands.order_by().values_list("order_id", flat=True)[:MOST])
    rows = Order.objects.visible_to(user).filter(named | Q(pk__in=in_erp))
    for row in rows.select_related("account").defer("canonical").order_by("-number")[:MOST]:
        # its number in the ERP is no secret: it stands on the ERP's papers
        erp = _("ERP %(number)s") % {"number": row.erp_number} if row.erp_number else ""
        detail = " · ".join(str(part) for part in (f"PO {row.po_number}", row.account.name, erp) if part)
        yield Found(
            kind=_("Order"), title=str(row), detail=detail, correlation_id=row.correlation_id, step=f"order:{row.pk}"
        )


def papers_numbered(number: Number, user: User) -> Iterator[Found]:
    """Shipments by delivery or tracking number, invoices and credit memos, disputes and returns."""
    delivered = Q(erp__in=_erps(), number__in=number.spellings) | Q(tracking_number__in=number.spellings)
    shipments = Shipment.objects.visible_to(user).filter(delivered).select_related("order").defer("canonical")
    for shipment in shipments.order_by("-shipped_at", "number")[:MOST]:
        yield Found(
            kind=_("Shipment"), title=shipment.number, correlation_id=shipment.correlation_id,
            detail=f"{shipment.order} · {shipment.carrier} {shipment.tracking_number}".strip(),
            step=f"shipment:{shipment.pk}",
        )  # fmt: skip
    invoices = Invoice.objects.visible_to(user).filter(number__in=number.spellings).defer("canonical")
    for invoice in invoices.order_by("number")[:MOST]:
        yield Found(
            kind=invoice.get_kind_display(), title=invoice.number, detail=show_money(invoice.total, invoice.currency),
            correlation_id=invoice.correlation_id, step=f"invoice:{invoice.pk}",
        )  # fmt: skip
    yield from _disputes(Dispute.objects.visible_to(user), number)
    returned = number.digits("RMA")
    for row in islice(Return.objects.visible_to(user).filter(number=returned) if returned is not None else (), MOST):
        yield Found(
            kind=_("Return"), title=str(row), detail=row.get_status_display(), correlation_id=row.correlation_id,
            step=f"return:{row.pk}",
        )  # fmt: skip


def _disputes(rows: QuerySet[Dispute], number: Number) -> Iterator[Found]:
    ours = number.digits("D")
    if ours is None:
        return
    for row in rows.filter(number=ours):
        yield Found(
            kind=_("Dispute"), title=str(row), correlation_id=row.correlation_id, step=f"dispute:{row.pk}",
            detail=f"{row.get_status_display()} · {show_money(row.amount_claimed, row.currency)}",
        )  # fmt: skip


def _erps() -> list[str]:
    """The connections whose numbers there may be: a number alone is no index, connection and number are."""
    return [*dict.fromkeys([*settings.ERP_ADAPTERS, *ErpConnection.objects.values_list("name", flat=True)])]
