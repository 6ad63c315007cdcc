"""What events and the switches of operators hold of people."""

from __future__ import annotations

from pghistory.models import Context

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.events.models import FlowSwitch, IdempotencyKey, Job, OutboxEvent, PausedKind

A, K = DataClass.AUDIT, DataClass.CONTENT

hold(Held(model=OutboxEvent, fields={"actor": A, "payload": K}, shown=("type", "occurred_at"), why="the audit trail"))
hold(Held(model=Context, fields={"metadata": A}, shown=("created_at",), why="who changed what the histories keep"))
hold(Held(model=FlowSwitch, fields={"actor": A, "reason": K}))
hold(Held(model=PausedKind, fields={"actor": A, "reason": K}))
hold(
    Held(
        model=IdempotencyKey, fields={"body": K}, on_erasure=OnErasure.KEPT,
        why="the answer that a repeated request gets; goes by itself",
    )
)  # fmt: skip
hold(
    Held(
        model=Job, fields={"payload": K, "last_error": K}, on_erasure=OnErasure.KEPT,
        why="numbers of rows; goes by itself once done",
    )
)  # fmt: skip
