"""The case kinds that inventory knows."""

from __future__ import annotations

from exceptions.registry import CaseKind, register_kind
from exceptions.resolutions import SETTLE
from inventory.process.reconciling import CASE_KIND

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
