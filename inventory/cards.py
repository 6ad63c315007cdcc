"""The catalogue's place in the shell."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from distportal.web.flows import Flow, add_flow
from distportal.web.registry import NavItem, Notice, add_nav, add_notice
from inventory.queries.availability import Freshness, freshness, worst_freshness
from inventory.queries.facets import in_stock, on_contract
from inventory.registry import Facet, add_facet

add_nav(
    NavItem(
        audience="dealer",
        section=pgettext_lazy("navigation", "Order"),
        title=_("Catalogue"),
        url_name="catalogue",
        icon="layout-grid",
        order=10,
    )
)


def freshness_seen(request: HttpRequest) -> Freshness:
    """How fresh the figures are, asked once a request: those of the ERP that the account is with, for staff of the one
    that is worst off.
    """
    if not hasattr(request, "_freshness"):
        standing = request.user.standing if request.user.is_authenticated else None
        seen = freshness(of=standing.account.erp) if standing else worst_freshness()
        request._freshness = seen  # type: ignore[attr-defined]
    return request._freshness  # type: ignore[attr-defined,no-any-return]


def back_office_label(request: HttpRequest) -> tuple[str, str] | None:
    """What the back office says at its top while the ERP does not answer: the text and its tone."""
    seen = freshness_seen(request)
    if seen.failing_since is None:
        return None
    name = f" {seen.named}" if seen.named else ""
    return f"No answer of the ERP{name} since {localtime(seen.failing_since):%d %b, %H:%M}", "danger"


add_facet(Facet(code="stock", title=_("In stock"), order=10, narrow=in_stock))
add_facet(Facet(code="contract", title=_("On your contract"), order=20, narrow=on_contract))
add_notice(Notice(template="inventory/portal/_fresh.html", context=freshness_seen))
for _order, (_kind, _title) in enumerate(
    (
        ("inventory.sync_items", "Items from the ERP"),
        ("inventory.sync_stock", "Stock from the ERP"),
        ("inventory.sync_prices", "Prices from the ERP"),
        ("inventory.sync_customers", "Credit figures from the ERP"),
    )
):
    add_flow(
        Flow(kind=_kind, title=_title, effect="The last figures go on to be used, with their age", order=20 + _order)
    )
