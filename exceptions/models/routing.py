"""Who gets which cases, as data that the desk's supervisors keep."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models

from distportal.accounts.models import Account
from exceptions.models.queue import Queue


class StaffSkill(models.Model):
    """Something that one of our people can settle and not everybody can, such as `hazmat` or `tax`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    skill = models.SlugField(max_length=30)

    class Meta:
        ordering: ClassVar[list[str]] = ["skill"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "skill"], name="exceptions_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.skill}"


@pghistory.track()
class RoutingRule(models.Model):
    """Cases that fit go to a queue, a person, or whoever has a skill and the least to do. The first rule that fits
    counts; an empty condition fits everything.
    """

    position = models.PositiveIntegerField(help_text="Rules are tried from the lowest on")
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    kind = models.CharField(max_length=60, blank=True, help_text="A kind of case, or the start of several: edi.")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    least_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    region = models.CharField(max_length=10, blank=True, help_text="Of the ship-to")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    skill = models.SlugField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(queue=None, person=None, skill=""), name="exceptions_rule_leads_somewhere"
            )
        ]

    def __str__(self) -> str:
        return self.name
