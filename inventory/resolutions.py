"""The case kinds that inventory knows, and what it knows of codes: items, warehouses, feeds that wait for one."""

from __future__ import annotations

from django.urls import reverse

from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.registry import OurCodes, Waiter, register_codes, register_keeper, register_waiter
from exceptions.registry import CaseKind, register_kind
from exceptions.resolutions import SETTLE
from inventory.process.comparing import CASE_KIND as TWO_DIFFER
from inventory.process.feed_stops import FEED, read_on
from inventory.process.questions import CASE_KIND as ASKED
from inventory.process.reconciling import CASE_KIND
from inventory.process.standing import CASE_KIND as STOPPED
from inventory.process.teaching import teach_item_number
from inventory.queries.suggestions import known_skus, known_warehouses, likely_items, likely_warehouses

register_kind(
    CaseKind(
        kind=CASE_KIND,
        title="Portal and ERP differ",
        queue="operations",
        severity=3,
        ends="a later comparison finds both the same",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind="erp.feed_stopped",
        title="A feed of the ERP stands still",
        queue="operations",
        severity=3,
        ends="the code is mapped and the feed is read on",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind=STOPPED,
        title="ERP connection rests",
        queue="operations",
        severity=4,
        ends="the connection is confirmed or pointed back",
        panel="",
        panel_context=None,
        actions=(),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind=TWO_DIFFER,
        title="Two ERPs differ",
        queue="operations",
        severity=2,
        ends="a later comparison finds both the same",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
        cause=("code",),
    )
)
register_kind(
    CaseKind(
        kind=ASKED,
        title="A dealer looks for an item",
        queue="orders",
        severity=2,
        ends="",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_codes(Kind.ITEM, OurCodes(known=known_skus, suggest=likely_items))
register_codes(Kind.WAREHOUSE, OurCodes(known=known_warehouses, suggest=likely_warehouses))
register_waiter(FEED, Waiter(resume=read_on, address=lambda _: reverse("connections")))
register_keeper(
    "account",
    Kind.ITEM,
    lambda scope, theirs, ours, by: teach_item_number(
        account_code=scope.partition(":")[2], code=theirs, sku=ours, by=by
    ),
)
