"""States of background work, and the levels of pressure."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class JobState(models.TextChoices):
    READY = "ready", "Ready"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"
    DISCARDED = "discarded", "Left undone"

    GIVEN_UP = nonmember(("dead", "discarded"))


class Level(models.IntegerChoices):
    """How hard the portal is pressed, and so what it puts aside."""

    NORMAL = 0, "Normal"
    SLOW = 1, "Slow"
    SHED = 2, "Shed"
    PROTECT = 3, "Protect"


class DeliveryState(models.TextChoices):
    PENDING = "pending", "Pending"
    DELIVERED = "delivered", "Delivered"
    DEAD = "dead", "Dead"
    DISCARDED = "discarded", "Left undone"

    GIVEN_UP = nonmember(("dead", "discarded"))
