"""How far a planned change is."""

from __future__ import annotations

from enum import nonmember

from django.db import models


class PlanState(models.TextChoices):
    PLANNED = "planned", "Planned"
    APPLIED = "applied", "In force"
    ENDED = "ended", "Ended"
    OVERTAKEN = "overtaken", "Changed by hand since"
    FAILED = "failed", "Could not be applied"
    WITHDRAWN = "withdrawn", "Withdrawn"

    WAITS = nonmember(("planned", "applied"))
