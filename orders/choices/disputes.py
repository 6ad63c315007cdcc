"""The closed word lists of disputes, and the one table of their steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _

from distportal.common.states import Transitions


class DisputeStatus(models.TextChoices):
    """Where a dispute stands. Approved is our word, booked is the ERP's."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    NEED_INFO = "need_info", _("Waits for the dealer's answer")
    PROPOSED = "proposed", _("Decision proposed")
    WAITING_APPROVAL = "waiting_approval", _("Waiting for a second person")
    APPROVED = "approved", _("Approved, credit requested")
    BOOKED = "booked", _("Credit booked")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SPLIT = "split", _("Split into parts")
    REVERSING = "reversing", _("Credit is being taken back")
    REVERSED = "reversed", _("Credit taken back")

    OPEN = nonmember(("submitted", "in_review", "need_info", "proposed", "waiting_approval", "approved"))
    UNDECIDED = nonmember(("submitted", "in_review", "need_info", "proposed"))
    DECIDED = nonmember(("approved", "booked", "closed", "rejected", "reversing", "reversed"))
    FREE = nonmember(("draft", "rejected", "withdrawn", "split", "reversed"))
    """What claims nothing of its invoice: another dispute may claim it."""


@dataclass(frozen=True, slots=True)
class DisputeStep:
    """One thing that can be done with a dispute: from which states, to which, and how a person calls it, before it and
    in the story afterwards (empty: the word of the state it led to).
    """

    label: str
    done: str
    since: tuple[str, ...]
    to: tuple[str, ...]


DISPUTE_STEPS: Mapping[str, DisputeStep] = {
    "submit": DisputeStep("be submitted", "submitted", ("draft",), ("submitted",)),
    "take": DisputeStep("be taken into review", "taken", ("submitted",), ("in_review",)),
    "ask": DisputeStep("wait for an answer", "asked", ("submitted", "in_review"), ("need_info",)),
    "answer": DisputeStep("be answered by the dealer", "answered", ("need_info",), ("in_review",)),
    "propose": DisputeStep("get a proposed decision", "proposed", ("submitted", "in_review"), ("proposed",)),
    "approve": DisputeStep(
        "be approved", "", ("submitted", "in_review", "proposed", "waiting_approval"), ("approved", "waiting_approval")
    ),
    "send_back": DisputeStep("be sent back to review", "sent back", ("proposed", "waiting_approval"), ("in_review",)),
    "reject": DisputeStep(
        "be rejected",
        "rejected",
        ("submitted", "in_review", "need_info", "proposed", "waiting_approval"),
        ("rejected",),
    ),
    "split": DisputeStep("be split", "split", ("submitted", "in_review"), ("split",)),
    "withdraw": DisputeStep(
        "be withdrawn", "withdrawn", ("draft", "submitted", "in_review", "need_info", "proposed"), ("withdrawn",)
    ),
    "take_back": DisputeStep("have its decision taken back", "taken back", ("approved", "rejected"), ("in_review",)),
    "book": DisputeStep("be booked by a credit memo", "booked", ("approved",), ("booked",)),
    "reverse": DisputeStep(
        "have its credit taken back", "credit to be taken back", ("booked", "closed"), ("reversing",)
    ),
    "keep": DisputeStep("keep its credit after all", "credit kept", ("reversing",), ("booked",)),
    "book_reversal": DisputeStep("be booked by a debit memo", "debit booked", ("reversing",), ("reversed",)),
    "close": DisputeStep("be closed", "closed", ("booked",), ("closed",)),
}
"""The state machine: every other table of moves, the database's guard and every refusal are read from it."""


def _moves() -> Transitions:
    found: dict[str, set[str]] = {status.value: set() for status in DisputeStatus}
    for step in DISPUTE_STEPS.values():
        for old in step.since:
            found[old] |= {new for new in step.to if new != old}
    return {old: frozenset(new) for old, new in found.items()}


DISPUTE_MOVES: Transitions = _moves()


class DisputeReason(models.TextChoices):
    """Why the dealer does not want to pay: twelve reasons, and the one of a payer who gave none."""

    PRICE = "price", _("Price is not as contracted")
    SHORT = "short", _("Quantity short")
    NOT_RECEIVED = "not_received", _("Never received")
    DAMAGED = "damaged", _("Damaged")
    WRONG_ITEM = "wrong_item", _("Wrong item")
    NOT_CREDITED = "not_credited", _("Returned, not credited")
    DUPLICATE = "duplicate", _("Duplicate invoice")
    FREIGHT = "freight", _("Freight or fee")
    TAX = "tax", _("Tax")
    PROMOTION = "promotion", _("Promotion or rebate not applied")
    WRONG_REFERENCE = "wrong_reference", _("Wrong PO, bill-to or ship-to")
    LATE = "late", _("Late delivery")
    UNSTATED = "unstated", _("Paid short, no reason given")


class RootCause(models.TextChoices):
    """Why it came to the dispute, as we see it once it is decided."""

    PRICING_DATA = "pricing_data", "Pricing data"
    PICKING = "picking", "Picking"
    CARRIER = "carrier", "Carrier"
    ORDER_ENTRY = "order_entry", "Order entry"
    CUSTOMER_ERROR = "customer_error", "Customer's error"
    OTHER = "other", "Other"


class DisputeOutcome(models.TextChoices):
    """What becomes of a dispute, or of a part of one."""

    CREDIT = "credit", "Credit"
    WRITE_OFF = "write_off", "Write-off"
    DENY = "deny", "Denial"


class DenyReason(models.TextChoices):
    """Why nothing is credited."""

    NOT_PROVEN = "not_proven", "Evidence is missing"
    DELIVERED = "delivered", "Delivery is proven"
    AS_CONTRACTED = "as_contracted", "Billed as contracted"
    TOO_LATE = "too_late", "Filed too late"
    CREDITED_BEFORE = "credited_before", "Credited before"
    NOT_OURS = "not_ours", "Not our doing"


class WriteOffReason(models.TextChoices):
    """Why we let an amount go that we think is owed."""

    SMALL_BALANCE = "small_balance", "Too small to pursue"
    GOODWILL = "goodwill", "Goodwill"
    NO_RECORDS = "no_records", "Our records are incomplete"
    UNCOLLECTIBLE = "uncollectible", "Cannot be collected"


class LetterKind(models.TextChoices):
    """What a letter to the dealer's accounts people is about."""

    CREDIT = "credit", "Credit"
    DENIAL = "denial", "Denial"
    NEED_INFO = "need_info", "Question"
    OWN = "own", "Credit that we found ourselves"


class FindingState(models.TextChoices):
    """What became of something that our own check of an invoice found."""

    OPEN = "open", "Waits for finance"
    ACCEPTED = "accepted", "Credit proposed to us was accepted"
    DISPUTED = "disputed", "Disputed by the dealer"
    CORRECTED = "corrected", "Corrected by the ERP"
    DISMISSED = "dismissed", "Billed rightly"
    TOLERATED = "tolerated", "Within tolerance"
