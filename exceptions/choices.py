"""The closed word lists of cases."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class CaseStatus(models.TextChoices):
    NEW = "new", "New"
    CLAIMED = "claimed", "Claimed"
    WAITING = "waiting", "Waiting for somebody else"
    RESOLVED = "resolved", "Resolved"

    OPEN = nonmember(("new", "claimed", "waiting"))


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
