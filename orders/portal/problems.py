"""Something is wrong with a shipment: what, of which lines, and on to the claim or return with all of it filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, may
from orders.choices import DisputeReason, ReturnReason
from orders.errors import DisputeRefused
from orders.models import Shipment
from orders.process.dispute_window import dispute_window
from orders.process.typed_quantities import typed_quantities
from orders.queries.shipment_problems import SentGoods, SentLine, sent_goods


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that can be wrong, and what it is called on a claim and on a return."""

    label: str | Promise
    help: str | Promise
    dispute: DisputeReason
    back: ReturnReason | None = None


PROBLEMS: Mapping[str, Problem] = {
    "short": Problem(
        gettext_lazy("Less came than was billed"), gettext_lazy("Type how much is missing of each line."),
        DisputeReason.SHORT,
    ),
    "damaged": Problem(
        gettext_lazy("Goods are damaged"), gettext_lazy("Type how much is damaged; a photo is needed next."),
        DisputeReason.DAMAGED, ReturnReason.DAMAGED,
    ),
    "wrong": Problem(
        gettext_lazy("Something else came"), gettext_lazy("Type how much of each line came wrong."),
        DisputeReason.WRONG_ITEM, ReturnReason.WRONG_GOODS,
    ),
    "missing": Problem(
        gettext_lazy("It never arrived"), gettext_lazy("Leave the quantities empty if nothing arrived."),
        DisputeReason.NOT_RECEIVED,
    ),
}  # fmt: skip


@require_GET
@dealer_view(Act.DISPUTE)
def report(request: PersonRequest, number: str) -> HttpResponseBase:
    """What is wrong; `go` leads on to the dispute (`claim`) or the return (`back`). It changes nothing by itself."""
    rows = Shipment.objects.visible_to(request.user).select_related("order__account")
    shipment = get_object_or_404(rows, number=number, order__account=request.account)
    goods, what, go = sent_goods(shipment), request.GET.get("what", ""), request.GET.get("go", "")
    window = dispute_window(goods.invoice, today=timezone.localdate()) if goods.invoice else None
    if go and goods.invoice and window:
        try:
            return redirect(_onward(goods, what, go, _chosen(request, goods, what), claims=window.open))
        except DomainError as error:
            messages.error(request, error.sentence)
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "goods": goods,
        "rows": [{"row": row, "typed": request.GET.get(f"quantity.{row.line.position}", "")} for row in goods.lines],
        "problems": PROBLEMS,
        "what": what if what in PROBLEMS else "short",
        "window": window,
        "may_return": may(request, Act.REQUEST_RETURN) and goods.may_return,
        "contact": settings.FINANCE_CONTACT,
    }
    return render(request, "orders/portal/shipment_problem.html", context)


def _chosen(request: PersonRequest, goods: SentGoods, what: str) -> list[tuple[SentLine, Decimal]]:
    """The lines with what is wrong of each. Raises DisputeRefused for none, too much, or what can't be read."""
    typed = typed_quantities(request.GET.dict(), "quantity.", else_=_("nothing was sent"))
    if what == "missing" and not typed:
        return [(row, row.claimable) for row in goods.lines if row.billed]
    found = [(row, typed[row.line.position]) for row in goods.lines if row.line.position in typed and row.billed]
    if not found:
        raise DisputeRefused(_("say how much is wrong of at least one line; nothing was sent"))
    for row, quantity in found:
        if quantity > row.claimable:
            said = {"sku": row.line.item or row.line.line_no, "most": f"{row.claimable.normalize():f} {row.line.unit}"}
            raise DisputeRefused(_("%(sku)s: at most %(most)s can be wrong; nothing was sent") % said)
    return found


def _onward(goods: SentGoods, what: str, go: str, chosen: list[tuple[SentLine, Decimal]], *, claims: bool) -> str:
    problem = PROBLEMS.get(what)
    if problem is None or goods.invoice is None:
        raise DisputeRefused(_("say what is wrong; nothing was sent"))
    if go == "back" and problem.back is not None and goods.may_return:
        return _to_return(goods.invoice.number, problem.back, chosen)
    if not claims:
        raise DisputeRefused(_("the time for claims is over; nothing was sent"))
    query = {"reason": str(problem.dispute)}
    for row, quantity in chosen:
        if row.billed is not None:
            query[f"line.{row.billed.pk}"] = "1"
            if row.billed.unit == row.line.unit:
                query[f"quantity.{row.billed.pk}"] = f"{min(quantity, row.billed.quantity).normalize():f}"
    return f"{reverse('orders:open_dispute', args=[goods.invoice.number])}?{urlencode(query)}"


def _to_return(number: str, reason: ReturnReason, chosen: list[tuple[SentLine, Decimal]]) -> str:
    query = {"q": number}
    for row, quantity in chosen:
        if row.billed is not None:
            query[f"reason.{row.billed.pk}"] = str(reason)
            if row.billed.unit == row.line.unit:
                query[f"quantity.{row.billed.pk}"] = f"{min(quantity, row.returnable).normalize():f}"
    return f"{reverse('orders:return_new')}?{urlencode(query)}"
