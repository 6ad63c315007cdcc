"""Orders and what followed them, by the numbers on papers, parcels and in the ERP."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.common.money import show_money
from distportal.events.finding import MOST, Found, Number
from distportal.events.lineage import story
from distportal.events.models import OutboxEvent
from distportal.systems.models import ErpConnection
from orders.choices import RemittanceState
from orders.models import Dispute, ErpCommand, Invoice, Order, Purchase, RemittanceLine, Return, Shipment


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
    """Shipments by delivery, tracking number or bill of lading, invoices and credit memos, disputes and returns."""
    delivered = (
        Q(erp__in=_erps(), number__in=number.spellings)
        | Q(tracking_number__in=number.spellings)
        | Q(bill_of_lading__in=number.spellings)
    )
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
    yield from _returns(Return.objects.visible_to(user), number)


def payments_numbered(number: Number, user: User) -> Iterator[Found]:
    """By the trace of the payment (of a cheque or transfer): the story of each invoice that it paid."""
    rows = RemittanceLine.objects.visible_to(user).filter(
        remittance__trace__in=number.spellings, remittance__state=RemittanceState.APPLIED, invoice__isnull=False
    )
    for row in rows.select_related("remittance", "invoice").order_by("-remittance__paid_on", "position")[:MOST]:
        if row.invoice is not None:
            yield Found(
                kind=_("Payment"), title=row.remittance.trace, correlation_id=row.invoice.correlation_id,
                detail=f"{row.invoice.number} · {show_money(row.paid, row.remittance.currency)}",
                step=f"payment:{row.pk}",
            )  # fmt: skip


def orders_of_items(number: Number, user: User) -> Iterator[Found]:
    """By the code or the UPC of an item: of each account the last order of it, the newest first."""
    named = Q(item__sku__in=number.spellings) | Q(item__upc=number.plain)
    rows = Purchase.objects.visible_to(user).filter(named).select_related("item", "account", "last_order")
    for row in rows.defer("last_order__canonical").order_by("-last_at", "-pk")[:MOST]:
        order = row.last_order
        yield Found(
            kind=_("Order"), title=str(order), detail=f"{row.item.sku} · PO {order.po_number} · {row.account.name}",
            correlation_id=order.correlation_id, step=f"order:{order.pk}",
        )  # fmt: skip


def stories_marked(number: Number, user: User) -> Iterator[Found]:
    """By what a log, a trace, an error page or a webhook names: the id of a story, or of an event of one."""
    mark = number.mark
    if mark is None:
        return
    event = OutboxEvent.objects.filter(pk=mark).values_list("correlation_id", flat=True).first()
    told = [mark] if event is None else [mark, event]
    orders = Order.objects.visible_to(user).filter(correlation_id__in=told).select_related("account")
    seen = set()
    for row in orders.defer("canonical").order_by("-number")[:MOST]:
        seen.add(row.correlation_id)
        yield Found(
            kind=_("Order"), title=str(row), detail=f"PO {row.po_number} · {row.account.name}",
            correlation_id=row.correlation_id, step=f"order:{row.pk}",
        )  # fmt: skip
    for one in told if user.is_staff else ():
        if one not in seen and (steps := story(one, internal=True)):
            yield Found(kind=_("Story"), title=steps[0].title, detail=str(one), correlation_id=one)


def _returns(rows: QuerySet[Return], number: Number) -> Iterator[Found]:
    named, ours = Q(reference__in=number.spellings), number.digits("RMA")
    if ours is not None:
        named |= Q(number=ours)
    for row in rows.filter(named).order_by("-number")[:MOST]:
        yield Found(
            kind=_("Return"), title=str(row), correlation_id=row.correlation_id, step=f"return:{row.pk}",
            detail=" · ".join(str(part) for part in (row.get_status_display(), row.reference) if part),
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
