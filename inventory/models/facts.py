"""What each of several ERPs says of a thing, whoever owns it, and where two of them differ."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ErpFact(models.Model):
    """The newest fact of one ERP about one thing, as the port tells it. `subject` is what both ERPs call alike: SKU,
    SKU and warehouse, account, or what a price is for. Kept while two ERPs run side by side.
    """

    connection = models.CharField(max_length=16)
    kind = models.CharField(max_length=10)
    erp_id = models.CharField(max_length=80)
    subject = models.CharField(max_length=140)
    sku = models.CharField(max_length=40, blank=True)
    account = models.CharField(max_length=20, blank=True)
    warehouse = models.CharField(max_length=20, blank=True)
    payload = models.JSONField()
    deleted = models.BooleanField(default=False)
    version = models.CharField(max_length=64)
    occurred_at = models.DateTimeField(help_text="The ERP's clock")
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "kind", "erp_id"], name="inventory_fact_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["connection", "kind", "subject"], name="inventory_fact_subject"),
            models.Index(fields=["sku"], condition=~models.Q(sku=""), name="inventory_fact_sku"),
            models.Index(fields=["account"], condition=~models.Q(account=""), name="inventory_fact_account"),
            models.Index(fields=["warehouse"], condition=~models.Q(warehouse=""), name="inventory_fact_warehouse"),
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.kind} {self.subject}"


class ErpComparison(models.Model):
    """One comparison of two ERPs: how many subjects of each kind were compared, and how many differ."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "An ERP did not answer to the end"

    left = models.CharField(max_length=16)
    right = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    asked_by = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    checked = models.JSONField(default=dict)
    differences = models.JSONField(default=dict, help_text="Kind to code to number")
    differing = models.BigIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.left} and {self.right} of {self.started_at:%Y-%m-%d %H:%M}"


class ErpDifference(models.Model):
    """One thing that the two say differently: both values, each with the time of its ERP."""

    comparison = models.ForeignKey(ErpComparison, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    subject = models.CharField(max_length=140)
    left_value = models.CharField(max_length=160, blank=True)
    right_value = models.CharField(max_length=160, blank=True)
    left_as_of = models.DateTimeField(null=True, blank=True)
    right_as_of = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=16, help_text="The connection that the portal follows")

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "subject", "code"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["comparison", "kind", "code", "subject"], name="inventory_difference_list")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.code}"
