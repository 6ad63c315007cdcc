"""How far an invoice may be off before our own check tells finance, for an account or for everybody."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models

from distportal.accounts.models import Account


@pghistory.track()
class InvoiceTolerance(models.Model):
    """What is let through on an account's invoices, or, without one, on everybody's. A difference is let through only
    where it keeps within each figure that is set; a figure that is not set limits nothing, and a row without any figure
    lets nothing through. `version` counts the changes, so that two who change it at once do not lose one of them.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    price_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    price_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    quantity_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    quantity_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "invoice tolerances"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"],
                name="orders_tolerance_once",
                nulls_distinct=False,
                violation_error_message="There is one for that already: change that one.",
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"invoices of {self.account.code}" if self.account else "everybody's invoices"
