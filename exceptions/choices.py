"""The closed word lists of cases."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class CaseStatus(models.TextChoices):
    """A case's clock stands while it waits for a dealer or the ERP, and runs on while it is snoozed."""

    NEW = "new", "New"
    CLAIMED = "claimed", "Claimed"
    WAITING_DEALER = "waiting_dealer", "Waiting for the dealer"
    WAITING_ERP = "waiting_erp", "Waiting for the ERP"
    SNOOZED = "snoozed", "Snoozed"
    RESUBMITTED = "resubmitted", "Resubmitted"
    REOPENED = "reopened", "Reopened"
    RESOLVED = "resolved", "Resolved"

    OPEN = nonmember(
        ("new", "claimed", "waiting_dealer", "waiting_erp", "snoozed", "resubmitted", "reopened")
    )  # fmt: skip
    PAUSED = nonmember(("waiting_dealer", "waiting_erp"))
    WORKED_ON = nonmember(("new", "claimed", "reopened", "resubmitted"))
    ASIDE = nonmember(("waiting_dealer", "waiting_erp", "snoozed"))


class Severity(models.IntegerChoices):
    """How much it matters; bigger is worse, so lists sort by it."""

    LOW = 1, "Low"
    NORMAL = 2, "Normal"
    HIGH = 3, "High"
    URGENT = 4, "Urgent"


class Resolution(models.TextChoices):
    CORRECTED = "corrected", "Corrected and resubmitted"
    RELEASED = "released", "Released as it was"
    RETRIED = "retried", "Tried again"
    DISCARDED = "discarded", "Discarded with a reason"
    BY_EVENT = "by_event", "Settled by itself"
    BY_HAND = "by_hand", "Settled by hand"


class Layer(models.TextChoices):
    """Where an outage is: what we speak to, our own work, or a partner."""

    ERP = "erp", "ERP"
    WMS = "wms", "Warehouse system"
    TMS = "tms", "Carrier"
    CRM = "crm", "CRM"
    MIDDLEWARE = "middleware", "Our own work"
    PARTNER = "partner", "EDI partner"


class BulkState(models.TextChoices):
    CHOSEN = "chosen", "Chosen, not begun"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Done"
    UNDONE = "undone", "Taken back"


class ItemState(models.TextChoices):
    WAITING = "waiting", "Not yet"
    RELEASED = "released", "Tried again, not settled yet"
    DONE = "done", "Done"
    FAILED = "failed", "Not done"
    AGAIN = "again", "Given up again"
    CANCELLED = "cancelled", "Left out"
    UNDONE = "undone", "Taken back"
    KEPT = "kept", "Not taken back"


class EditState(models.TextChoices):
    WAITING = "waiting", "Waits for a check"
    APPROVED = "approved", "Checked and made"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Taken back"
    OUTDATED = "outdated", "Out of date"
