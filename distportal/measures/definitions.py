"""Every key figure, in one place. Which rows stand behind each is registered by the app that has them."""

from __future__ import annotations

from decimal import Decimal

from distportal.measures.kinds import Kpi, Team, Unit

HOUR = Decimal(3600)

KPIS: tuple[Kpi, ...] = (
    Kpi(
        code="order_acknowledgement", title="Order acknowledgement cycle time", owner=Team.ORDERS, unit=Unit.DURATION,
        question="How long does a buyer wait until we answer an order?",
        formula="Average time from the receipt of an order to its answer: for a partner who gets an 855, until the "
        "first 855 left; for all others, until the ERP confirmed the order.",
        counted_on="the day the order was placed",
        aside="Orders that wait for an answer are shown as waiting and join the average of their day once it is given. "
        "Orders that were rejected or cancelled before an answer do not count.",
        target=HOUR, lower=True,
    ),
    Kpi(
        code="inventory_sync", title="Inventory sync latency", owner=Team.OPERATIONS, unit=Unit.DURATION,
        question="How old is a change of the ERP when the portal knows of it?",
        formula="Average, over all pages of changes that were read from the ERP, of the time from the oldest change on "
        "the page (the ERP's clock) to its storing here. A feed tells again what it told in the last minutes: that is "
        "no change.",
        counted_on="the day the page was read",
        aside="The first read of a feed brings history and does not count. Rows are kept for 30 days; older days stand "
        "as they were counted then.",
        target=Decimal(120), lower=True, part="Feed",
    ),
    Kpi(
        code="shipment_events", title="Shipment event completeness", owner=Team.OPERATIONS, unit=Unit.SHARE,
        question="Of how many shipments do we know where they are, and that they arrived?",
        formula="Shipments of which the carrier told at least once and that, if they are delivered, have a proof of "
        "delivery, divided by all shipments.",
        counted_on="the day the shipment left",
        aside="A shipment without news waits for its first day, then it counts as incomplete until news comes.",
        target=Decimal("0.95"), lower=False,
    ),
    Kpi(
        code="invoice_transmission", title="Invoice transmission success", owner=Team.EDI, unit=Unit.SHARE,
        question="How many of the invoices that partners want as an 810 did they get and accept?",
        formula="Invoices whose 810 left and was not refused by the partner's 997, divided by all invoices for orders "
        "that came as an 850 from a live partner who gets 810s.",
        counted_on="the day the ERP's invoice was recorded",
        aside="An invoice whose 810 or 997 is still on its way waits for a day, then it counts as not transmitted "
        "until it is. Credit memos do not count.",
        target=Decimal("0.99"), lower=False,
    ),
    Kpi(
        code="exception_resolution", title="Exception resolution time", owner=Team.ORDERS, unit=Unit.DURATION,
        question="How long does a case take until it is settled?",
        formula="Average time from the opening of a case to its end, nights and waiting included. In time is a case "
        "that ended before it was due by its team's calendar.",
        counted_on="the day the case was opened",
        aside="Open cases are shown as waiting and join the average of their day once they are settled; one that is "
        "opened again leaves it.",
        target=8 * HOUR, lower=True, part="Queue",
    ),
    Kpi(
        code="replay_activity", title="Replay activity", owner=Team.OPERATIONS, unit=Unit.COUNT,
        question="How much work had to be done twice?",
        formula="Documents that people read or sent again, cases that ended by trying again or by a correction, "
        "interchanges and orders that others sent a second time; all together, for each day.",
        counted_on="the day of the replay",
        aside="Automatic tries of a job do not count: nobody had to do anything.",
        target=Decimal(20), lower=True, part="Kind",
    ),
    Kpi(
        code="failed_mappings", title="Failed mappings", owner=Team.EDI, unit=Unit.COUNT,
        question="How often could a code or a document not be translated?",
        formula="Codes that nobody had mapped when work needed them, and documents that could not be made into an "
        "order, a change or an invoice; all together, for each day.",
        counted_on="the day it was first seen",
        aside="A code counts once, however often it came again before it was mapped.",
        target=Decimal(5), lower=True, part="Kind",
    ),
    Kpi(
        code="partner_sla", title="Partner SLA adherence", owner=Team.EDI, unit=Unit.SHARE,
        question="How many of the documents that partners wait for left in time?",
        formula="Documents (997, 855, 856, 810) that left before they were due by the partner's own dated rules, "
        "divided by all that were due.",
        counted_on="the day the document was due",
        aside="What is not due any more, as for a cancelled order, does not count. A refused document has not left.",
        target=Decimal("0.98"), lower=False, part="Document",
    ),
)  # fmt: skip
_BY_CODE = {kpi.code: kpi for kpi in KPIS}


def kpi(code: str) -> Kpi | None:
    """The figure of that code, if there is one."""
    return _BY_CODE.get(code)
