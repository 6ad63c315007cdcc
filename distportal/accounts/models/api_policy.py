"""How much a client of the API may ask, and what it is not told."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from distportal.common.models import TimestampedModel, UuidModel


@pghistory.track()
class ApiPolicy(UuidModel, TimestampedModel):
    """Limits that hold for each key which goes by them; a key without one goes by the site's default."""

    name = models.CharField(max_length=60, unique=True)
    rate_per_minute = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(1)], help_text="Calls a minute in the long run"
    )
    burst = models.PositiveIntegerField(
        default=100, validators=[MinValueValidator(1)], help_text="Calls at once before the rate counts"
    )
    daily_quota = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Calls a day (UTC); empty: no end"
    )
    hidden_fields = ArrayField(
        models.CharField(max_length=40), default=list, blank=True,
        help_text="Names of fields left out of every answer, such as unit_price, total; comma between them",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        verbose_name = "API policy"
        verbose_name_plural = "API policies"

    def __str__(self) -> str:
        return self.name
