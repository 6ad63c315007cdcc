"""States of background work."""

from __future__ import annotations

from django.db import models


class JobState(models.TextChoices):
    READY = "ready", "Ready"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"


class DeliveryState(models.TextChoices):
    PENDING = "pending", "Pending"
    DELIVERED = "delivered", "Delivered"
    DEAD = "dead", "Dead"
