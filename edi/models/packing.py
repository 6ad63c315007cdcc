"""The serial shipping container codes that were given out: each once, for ever."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from edi.choices import UnitKind
from orders.models import Shipment


class LogisticUnit(UuidModel):
    """The SSCC-18 of one carton or pallet of a shipment: what its label, the 856 and every repeat of them say."""

    account_path: ClassVar[str] = "shipment__order__account_id"

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=UnitKind)
    number = models.PositiveIntegerField()
    sscc = models.CharField(max_length=18, unique=True)
    coded_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shipment", "kind", "number"], name="edi_unit_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="codes_are_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"(00){self.sscc}"


class SharedUnit(models.Model):
    """A carton or pallet that is in another shipment, too, because it holds goods of both: one thing, one code.
    `number` is what it is called in this shipment.
    """

    account_path: ClassVar[str] = "shipment__order__account_id"

    unit = models.ForeignKey(LogisticUnit, on_delete=models.PROTECT, related_name="shares")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    shared_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shipment", "unit"], name="edi_share_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="shares_are_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.unit} in {self.shipment}"
