"""The catalogue's place in the shell."""

from __future__ import annotations

from distportal.web.flows import Flow, add_flow
from distportal.web.registry import NavItem, add_nav

add_nav(
    NavItem(audience="dealer", section="Order", title="Catalogue", url_name="catalogue", icon="layout-grid", order=10)
)
_STALE = "The last figures go on to be used, with their age"
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
