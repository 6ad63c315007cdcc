"""The orders' place in the shell."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import CharField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from distportal.accounts.permissions import Act
from distportal.common.among import Among
from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedCount
from distportal.systems.mapping.choices import MissingState
from distportal.systems.mapping.queries import MISSING
from distportal.web.flows import Flow, add_flow
from distportal.web.registry import Asked, Card, NavItem, add_card, add_nav
from inventory.registry import add_facet, add_item_panel
from orders.choices import DisputeStatus
from orders.models import Dispute
from orders.process.approvals.listing import ASKED, waiting_for
from orders.queries.dealer_standing import IN_CART, standing_of
from orders.queries.dispute_work import open_disputes, open_findings_money, work_counts
from orders.queries.listing import newest_invoices
from orders.queries.lists import latest_lists
from orders.queries.order_counts import COUNTED, COUNTED_OF_ALL, tab_count
from orders.queries.order_list import newest_open, order_rows
from orders.queries.panels import BOUGHT, LAST_BOUGHT
from orders.queries.payments import listed
from orders.queries.questions import orders_asking

QUICK_ROWS = 3
MOST_TO_APPROVE = 3
OPEN_DISPUTES = PreparedCount(
    lambda states: Dispute.objects.filter(Among("status", states, of=CharField())), [A_CODE], most=None
)


def _held(request: HttpRequest) -> int | Asked:
    user: Any = request.user
    if user.standing:
        return Asked(COUNTED["action"], (user.standing.account.pk,))
    return Asked(COUNTED_OF_ALL["action"], ()) if user.is_staff else tab_count(user, "action")


def _approvals(request: HttpRequest) -> int | Asked:
    user: Any = request.user
    account = user.standing.account
    return Asked(ASKED, (account.pk,), lambda found: len(waiting_for(user, account)) if found else 0)


def _in_cart(request: HttpRequest) -> int | Asked:
    user: Any = request.user
    return Asked(IN_CART, (user.standing.account.pk, user.pk))


def _home(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    invoices = listed(newest_invoices(user))
    return {"orders": order_rows(newest_open(user)), "invoices": invoices, "today": timezone.localdate()}


def _asking(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    return {"asking": orders_asking(user)}


def _to_approve(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    rows = waiting_for(user, user.standing.account)
    return {"requests": rows[:MOST_TO_APPROVE], "more": max(len(rows) - MOST_TO_APPROVE, 0)}


def _today(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    account = user.standing.account
    return {
        "account": account,
        "standing": standing_of(account=account, user=user, today=timezone.localdate()),
        "may_order": user.standing.may(Act.PLACE_ORDERS),
        "lists": latest_lists(account=account, user=user),
        "keys": [uuid4() for _ in range(QUICK_ROWS)],
    }


def _finance(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    lists = [one for one in work_counts(user=user, now=timezone.now()) if one[2]]
    return {"disputes": open_disputes(), "findings": open_findings_money(), "lists": lists}


def _disputes(request: HttpRequest) -> Asked:
    return Asked(OPEN_DISPUTES, (list(DisputeStatus.OPEN),))


for _audience in ("dealer", "agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section=_("Orders"),
            title=_("Orders"),
            url_name="orders:index",
            icon="package",
            keys="g o",
            order=20,
            count=_held,
        )
    )
    add_nav(
        NavItem(
            audience=_audience,
            section=_("Orders"),
            title=_("Invoices"),
            url_name="orders:invoices",
            icon="receipt-text",
            keys="g i",
            order=30,
        )
    )
    add_nav(
        NavItem(
            audience=_audience,
            section=_("Orders"),
            title=_("Returns"),
            url_name="orders:returns",
            icon="undo-2",
            order=25,
        )
    )
    add_card(Card(audience=_audience, template="orders/portal/_home.html", order=20, context=_home))
add_card(Card(audience="finance", template="orders/ops/_finance_home.html", order=5, context=_finance))
add_card(Card(audience="dealer", template="orders/portal/_today.html", order=3, context=_today, act=Act.VIEW_INVOICES))
add_card(
    Card(audience="dealer", template="orders/portal/_asking.html", order=1, context=_asking, act=Act.CHANGE_ORDERS)
)
add_card(
    Card(
        audience="dealer", template="orders/portal/_to_approve.html", order=2, context=_to_approve, act=Act.VIEW_ORDERS
    )
)
for _order, (_kind, _title, _effect) in enumerate(
    (
        ("orders.send_command", "Orders and credits to the ERP", "Accepted orders queue here with their reservation"),
        (
            "orders.send_release",
            "Orders to warehouses",
            "Warehouses are told of new, changed and cancelled orders later",
        ),
        ("orders.read_warehouses", "News from warehouses", "Picking and shipping there is seen later; nothing is lost"),
        ("orders.poll_carriers", "Questions to carriers", "What carriers do not post by themselves is seen later"),
        ("orders.tell_crm", "News to CRMs", "Salespeople read old news"),
        ("orders.sync_erp", "Shipments and invoices from the ERP", "Orders show no news of delivery and billing"),
    )
):
    add_flow(Flow(kind=_kind, title=_title, effect=_effect, order=10 + _order))
for _words, _url_name, _icon, _order, _act in (
    (_("Bought before"), "orders:purchased", "history", 13, Act.VIEW_ORDERS),
    (_("Lists"), "orders:lists", "list", 14, Act.VIEW_PRICES),
):
    add_nav(
        NavItem(
            audience="dealer",
            section=pgettext_lazy("navigation", "Order"),
            title=_words,
            url_name=_url_name,
            icon=_icon,
            order=_order,
            act=_act,
        )
    )
add_facet(BOUGHT)
add_item_panel(LAST_BOUGHT)
for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section="Work",
            title="Code mappings",
            url_name="mappings:missing",
            icon="languages",
            order=18,
            count=lambda _: Asked(MISSING, (MissingState.OPEN.value,)),
        )
    )
add_nav(
    NavItem(audience="operator", section="Work", title="Connections", url_name="connections", icon="plug-zap", order=16)
)
add_nav(
    NavItem(
        audience="dealer",
        section=pgettext_lazy("navigation", "Order"),
        title=_("Quick order"),
        url_name="orders:quick",
        icon="zap",
        keys="n",
        order=11,
        act=Act.PLACE_ORDERS,
    )
)
add_nav(
    NavItem(
        audience="dealer",
        section=pgettext_lazy("navigation", "Order"),
        title=_("Cart"),
        url_name="orders:cart",
        icon="shopping-cart",
        order=12,
        count=_in_cart,
        act=Act.PLACE_ORDERS,
    )
)
add_nav(
    NavItem(
        audience="finance",
        section="Money",
        title="Invoices",
        url_name="orders:invoices",
        icon="receipt-text",
        order=30,
        keys="g i",
    )
)
add_nav(
    NavItem(
        audience="finance",
        section="Money",
        title="Payments",
        url_name="admin:orders_remittance_changelist",
        icon="banknote",
        order=25,
    )
)
add_nav(
    NavItem(
        audience="finance",
        section="Money",
        title="Disputes",
        url_name="admin:orders_dispute_changelist",
        icon="scale",
        order=20,
        count=_disputes,
    )
)
add_nav(
    NavItem(
        audience="finance",
        section="Money",
        title="Billed too high",
        url_name="admin:orders_invoicefinding_changelist",
        icon="scan-search",
        order=21,
    )
)
add_nav(
    NavItem(
        audience="dealer", section=pgettext_lazy("navigation", "Order"),
 title=_("Approvals"), url_name="orders:approvals", icon="badge-check",
        order=13, count=_approvals, act=Act.VIEW_ORDERS,
    )
)  # fmt: skip
