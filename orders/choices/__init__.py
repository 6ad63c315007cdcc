"""The closed word lists of orders, and which status may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _

from distportal.common.states import Transitions
from orders.choices.disputes import (
    DISPUTE_MOVES,
    DISPUTE_STEPS,
    DenyReason,
    DisputeOutcome,
    DisputeReason,
    DisputeStatus,
    DisputeStep,
    FindingState,
    LetterKind,
    RootCause,
    WriteOffReason,
)

__all__ = [
    "DISPUTE_MOVES",
    "DISPUTE_STEPS",
    "DenyReason",
    "DisputeOutcome",
    "DisputeReason",
    "DisputeStatus",
    "DisputeStep",
    "FindingState",
    "LetterKind",
    "RootCause",
    "WriteOffReason",
]


class OrderStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    HELD = "held", _("Needs an answer")
    ACCEPTED = "accepted", _("Accepted, on its way to the ERP")
    CONFIRMED = "confirmed", _("Confirmed")
    PART_SHIPPED = "part_shipped", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")

    OPEN = nonmember(("received", "held", "accepted", "confirmed", "part_shipped"))
    DEAD = nonmember(("rejected", "cancelled"))


ORDER_MOVES: Transitions = {
    "received": frozenset({"held", "accepted", "rejected", "cancelled"}),
    "held": frozenset({"held", "accepted", "rejected", "cancelled"}),
    "accepted": frozenset({"confirmed", "held", "rejected", "cancelled"}),
    "confirmed": frozenset({"part_shipped", "shipped", "cancelled"}),
    "part_shipped": frozenset({"part_shipped", "shipped"}),
    "shipped": frozenset(),
    "rejected": frozenset(),
    "cancelled": frozenset(),
}


class LineStatus(models.TextChoices):
    HELD = "held", _("Needs an answer")
    ACCEPTED = "accepted", _("Accepted")
    BACKORDERED = "backordered", _("Backordered")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


class Shipping(models.TextChoices):
    """When a dealer wants an order to leave."""

    AVAILABLE = "available", _("As goods are there")
    COMPLETE = "complete", _("Only when complete")
    PER_LINE = "per_line", _("Line by line")


class LineShipping(models.TextChoices):
    """When a line of an order leaves; without a word as soon as its goods are there (canonical OrderLine.shipping)."""

    READY = "", _("When it is there")
    REST = "rest", _("With the rest of the order")
    DROP = "drop", _("Drop what is short")


class FindingAction(models.TextChoices):
    """What a finding does to its line or order, by the account's policy; later ones weigh more."""

    ACCEPT = "accept", "Accept"
    ROUND_UP = "round_up", "Round up to what is sold"
    ROUND_DOWN = "round_down", "Round down to what is sold"
    SUBSTITUTE = "substitute", "Send the substitute"
    SPLIT = "split", "Split into an order for each ERP"
    BACKORDER = "backorder", "Backorder"
    REJECT = "reject", "Reject the line"
    HOLD = "hold", "Hold for a person"
    REJECT_ORDER = "reject_order", "Reject the order"


class CommandState(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    UNKNOWN = "unknown", "Sent, answer unknown"
    CONFIRMED = "confirmed", "Confirmed by the ERP"
    REJECTED = "rejected", "Refused by the ERP"

    OPEN = nonmember(("pending", "sending", "unknown"))
    UNCERTAIN = nonmember(("sending", "unknown"))


COMMAND_MOVES: Transitions = {
    "pending": frozenset({"sending", "rejected"}),
    "sending": frozenset({"pending", "unknown", "confirmed", "rejected"}),
    "unknown": frozenset({"sending", "confirmed", "rejected", "unknown", "pending"}),
    "rejected": frozenset({"pending"}),
    "confirmed": frozenset({"rejected"}),  # an ERP's people may refuse later what it took
}


class ReleaseState(models.TextChoices):
    """How far an instruction is on its way to a warehouse system."""

    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    UNKNOWN = "unknown", "Sent, answer unknown"
    CONFIRMED = "confirmed", "Taken by the warehouse"
    REJECTED = "rejected", "Refused by the warehouse"
    WITHDRAWN = "withdrawn", "Taken back before it was sent"

    OPEN = nonmember(("pending", "sending", "unknown"))
    UNCERTAIN = nonmember(("sending", "unknown"))


RELEASE_MOVES: Transitions = {
    **COMMAND_MOVES,
    "pending": frozenset({"sending", "rejected", "withdrawn"}),
    "confirmed": frozenset(),
    "withdrawn": frozenset({"sending"}),  # a try that was given up reached the warehouse after all
}
TO_SENDING: Mapping[str, tuple[str, ...]] = {
    "pending": ("sending",), "rejected": ("pending", "sending"), "withdrawn": ("sending",),
}  # fmt: skip
"""What a command or an instruction goes through before it is confirmed, where others settled it or gave it free before
the answer came: each move is written down.
"""


class FloorStage(models.TextChoices):
    """How far the people of a warehouse are; later ones are further."""

    RECEIVED = "received", "Received"
    PICKING = "picking", "Picked"
    PACKED = "packed", "Packed"
    SHIPPED = "shipped", "Shipped"
    CANCELLED = "cancelled", "Cancelled"


class EventState(models.TextChoices):
    """What became of something that a warehouse told."""

    USED = "used", "Used"
    LATE = "late", "After the order was cancelled"
    UNKNOWN = "unknown", "Of no order of ours"
    FAILED = "failed", "Cannot be read"


class MessageState(models.TextChoices):
    """What became of a carrier's message."""

    RECEIVED = "received", "Stored"
    USED = "used", "Used"
    WAITING = "waiting", "Waits for its shipment"
    FAILED = "failed", "Cannot be used"


class CommandKind(models.TextChoices):
    ORDER = "order", "Create an order"
    CREDIT_REQUEST = "credit_request", "Request a credit memo"
    CHANGE = "change", "Change an order"
    CANCEL = "cancel", "Cancel an order"
    DEBIT_REQUEST = "debit_request", "Request a debit memo"


class ChangeStatus(models.TextChoices):
    """What became of a change that somebody asked for."""

    RECEIVED = "received", _("Received")
    WAITING = "waiting", _("Waits its turn")
    HELD = "held", _("Needs an answer")
    SENT = "sent", _("On its way to the ERP")
    APPLIED = "applied", _("Done")
    REFUSED = "refused", _("Refused")

    OPEN = nonmember(("received", "waiting", "held", "sent"))


CHANGE_MOVES: Transitions = {
    "received": frozenset({"waiting", "held", "sent", "applied", "refused"}),
    "waiting": frozenset({"held", "sent", "applied", "refused"}),
    "held": frozenset({"waiting", "sent", "applied", "refused"}),
    "sent": frozenset({"held", "applied", "refused"}),
    "applied": frozenset(),
    "refused": frozenset(),
}


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_MEMO = "credit_memo", _("Credit memo")


class RemittanceState(models.TextChoices):
    """Only what is applied counts as paid; a conflict is kept beside it for a person."""

    APPLIED = "applied", _("Applied")
    CONFLICT = "conflict", _("Same trace, other content")


class PaidOutcome(models.TextChoices):
    """What a line of a remittance did."""

    PAID = "paid", _("Paid in full")
    SHORT = "short", _("Paid short")
    OVER = "over", _("Paid too much")
    CREDIT_TAKEN = "credit_taken", _("Credit memo taken")
    DEDUCTED = "deducted", _("Deducted")
    UNKNOWN = "unknown", _("No such invoice")


class ExportKind(models.TextChoices):
    """What is made of chosen documents."""

    ZIP = "zip", _("ZIP of PDFs")
    PDF = "pdf", _("One PDF")
    CSV = "csv", "CSV"


class ExportState(models.TextChoices):
    """How far a file of many documents is."""

    CHOSEN = "chosen", _("Chosen")
    WAITING = "waiting", _("Being made")
    READY = "ready", _("Ready")


class PaymentState(models.TextChoices):
    """How far an invoice is paid, computed from remittances and credit memos."""

    OPEN = "open", _("Open")
    PART_PAID = "part_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    OVERPAID = "overpaid", _("Paid too much")


class ReturnStatus(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WAITING_APPROVAL = "waiting_approval", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    PART_APPROVED = "part_approved", _("Approved in part")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RECEIVED = "received", _("Goods are here")
    SETTLED = "settled", _("Settled")

    UNDECIDED = nonmember(("requested", "waiting_approval"))
    GRANTED = nonmember(("approved", "part_approved"))
    BACK = nonmember(("received", "settled"))
    DECIDED = nonmember(("approved", "part_approved", "rejected", "received", "settled"))
    OVER = nonmember(("rejected", "withdrawn", "settled"))


RETURN_MOVES: Transitions = {
    "requested": frozenset({"waiting_approval", "approved", "part_approved", "rejected", "withdrawn"}),
    "waiting_approval": frozenset({"requested", "approved", "part_approved", "rejected", "withdrawn"}),
    "approved": frozenset({"received", "withdrawn"}),
    "part_approved": frozenset({"received", "withdrawn"}),
    "received": frozenset({"settled"}),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "settled": frozenset(),
}


class ReturnReason(models.TextChoices):
    """Why goods come back, as X12 element 1293 says it."""

    DEFECTIVE = "DM", _("Defective")
    DAMAGED = "DA", _("Damaged on arrival")
    WRONG_GOODS = "WG", _("Not what was ordered")
    MISTAKE = "CO", _("Ordered by mistake")
    EXCESS = "EI", _("Too many, not needed")
    RECALL = "PR", _("Recall")

    PICTURED = nonmember(("DM", "DA"))


class ReturnWish(models.TextChoices):
    CREDIT = "credit", _("Credit")
    REPLACE = "replace", _("Replacement")
    REPAIR = "repair", _("Repair")


class AdviceState(models.TextChoices):
    """How a warehouse's shipping advice compares with what the ERP booked."""

    WAITING = "waiting", "Waits for the ERP's shipment"
    BOOKED = "booked", "Booked by the ERP as advised"
    DIFFERS = "differs", "The ERP booked it otherwise"


class TrackingKind(models.TextChoices):
    """What a carrier's status means for the delivery."""

    MOVED = "moved", _("On its way")
    EXPECTED = "expected", _("Expected")
    LATE = "late", _("Late")
    DELIVERED = "delivered", _("Delivered")


class ApprovalTrigger(models.TextChoices):
    """Why an order needs a colleague's yes."""

    TOTAL = "total", _("The order comes to more than")
    LIMIT = "limit", _("It is over the person's own limit")
    MONTH = "month", _("The person's orders of the month come to more than")
    SHIP_TO = "ship_to", _("It goes to a new or a one-off address")
    CONTRACT = "contract", _("Items without a contract price")
    FAMILY = "family", _("Items of certain families")

    WITH_AMOUNT = nonmember(("total", "month"))


class ApprovalState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved and ordered")
    SENT_BACK = "sent_back", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class ApprovalAct(models.TextChoices):
    """What somebody did about a request."""

    ASKED = "asked", _("Asked for approval")
    AGREED = "agreed", _("Agreed")
    SENT_BACK = "sent_back", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrew it")
    COMMENTED = "commented", _("Wrote")
    EXPIRED = "expired", _("Nobody answered in time")


APPROVAL_MOVES: Transitions = {
    "asked": frozenset({"approved", "sent_back", "withdrawn", "expired"}),
    "sent_back": frozenset({"withdrawn"}),
    "approved": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset({"withdrawn"}),
}
