"""Which ERP owns a company, an account, a warehouse or an item since when, and the switches that say so."""

from __future__ import annotations

from enum import nonmember
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel


class OwnedKind(models.TextChoices):
    """What can be with one ERP or another."""

    COMPANY = "company", "Company"
    ACCOUNT = "account", "Account"
    WAREHOUSE = "warehouse", "Warehouse"
    ITEM = "item", "Item"


class ErpSwitch(UuidModel):
    """A planned move of some accounts, items, warehouses or a company to a connection, at `due_at`."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DELAYED = "delayed", "Partly done: some wait"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

        OPEN = nonmember(("planned", "delayed"))

    kind = models.CharField(max_length=10, choices=OwnedKind)
    connection = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    preview = models.JSONField(default=dict, help_text="What the person saw who confirmed it")
    planned_by = models.CharField(max_length=120)
    planned_at = models.DateTimeField(db_default=Now())
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-planned_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.connection} at {self.due_at:%Y-%m-%d %H:%M}"


class ErpSwitchSubject(models.Model):
    """One account, item, warehouse or company of a switch. Only one open switch may name it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for its time"
        DELAYED = "delayed", "Delayed"
        DONE = "done", "Moved"
        CANCELLED = "cancelled", "Cancelled"

    switch = models.ForeignKey(ErpSwitch, on_delete=models.PROTECT, related_name="subjects")
    kind = models.CharField(max_length=10, choices=OwnedKind)
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["switch", "key"], name="systems_switch_subject_once"),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=("waiting", "delayed")),
                name="systems_switch_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"


class ErpAssignment(models.Model):
    """From `from_at` on the key is with the connection, until the next row of the same key begins.

    So periods are half open and cannot overlap, and nothing that was so once is ever rewritten: rows are only added.
    """

    kind = models.CharField(max_length=10, choices=OwnedKind)
    key = models.CharField(max_length=64)
    connection = models.CharField(max_length=16)
    from_at = models.DateTimeField()
    switch = models.ForeignKey(ErpSwitch, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    reason = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "key", "from_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "key", "from_at"], name="systems_assignment_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} with {self.connection} from {self.from_at:%Y-%m-%d %H:%M}"
