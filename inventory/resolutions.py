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
        runbook="The nightly comparison found it; the sentence says what was taken over and what was not. The ERP is "
        "right about stock, shipments and invoices. For an order, settle it there or here, whichever is wrong. The "
        "case ends by itself when both say the same again.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind="erp.feed_stopped",
        title="A feed of the ERP stands still",
        queue="operations",
        severity=3,
        runbook="Map the code under Code mappings: the feed is then read on at once, from where it stands, and the "
        "case ends by itself. Until then the portal shows what it had, with its time.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind=STOPPED,
        title="ERP connection rests",
        queue="operations",
        severity=4,
        runbook="The connection leads to another ERP than the one its cursors and figures are of, or its ERP does not "
        "know our place any more. On the Connections page say which it is: the same ERP at another place, or another "
        "one that is read anew. Set up by mistake? Point it back, and it goes on by itself. Orders wait meanwhile.",
        panel="",
        panel_context=None,
        actions=(),
    )
)
register_kind(
    CaseKind(
        kind=TWO_DIFFER,
        title="Two ERPs differ",
        queue="operations",
        severity=2,
        runbook="Open Two ERPs and go through the list kind by kind: settle in the ERP that is wrong. Move nothing "
        "that still differs unless you know why. The case ends by itself when both say the same.",
        panel="",
        panel_context=None,
        actions=(SETTLE,),
    )
)
register_kind(
    CaseKind(
        kind=ASKED,
        title="A dealer looks for an item",
        queue="orders",
        severity=2,
        runbook="Find out what is meant and write to the person who asked (the address is in the data). Is it one of "
        "our items under another number, teach it under Code mappings, so that the next search finds it. Settle with "
        "what came of it.",
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
