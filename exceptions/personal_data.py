"""What cases hold of people."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from exceptions.models import (
    BulkEntry,
    BulkRun,
    Case,
    CaseEdit,
    CaseEntry,
    CaseView,
    IncidentStep,
    RoutingRule,
    RunbookEdit,
    StaffSkill,
    Subscription,
)

A, K = DataClass.AUDIT, DataClass.CONTENT
REMOVED = OnErasure.REMOVED

hold(Held(model=Case, owners=("owner",), fields={"sentence": K, "data": K}, shown=("kind", "reference", "opened_at")))
hold(Held(model=CaseEntry, fields={"actor": A, "text": K, "changes": K}, shown=("case", "action")))
hold(
    Held(
        model=CaseEdit, owners=("maker", "checker"), fields={"values": K, "changes": K, "reason": K, "said": K},
        shown=("case",),
    )
)  # fmt: skip
hold(Held(model=BulkRun, owners=("by",), fields={"reason": K, "form": K}, shown=("action",)))
hold(Held(model=BulkEntry, fields={"actor": A, "text": K}, shown=("run", "action")))
hold(Held(model=RunbookEdit, fields={"actor": A, "reason": K, "text": K}, shown=("kind",)))
hold(Held(model=IncidentStep, fields={"text": K}))
hold(Held(model=CaseView, owners=("user",), fields={"name": K, "query": K}, on_erasure=REMOVED))
hold(Held(model=Subscription, owners=("user",), fields={"topic": K}, on_erasure=REMOVED))
hold(Held(model=StaffSkill, owners=("user",), fields={"skill": K}, on_erasure=REMOVED))
hold(Held(model=RoutingRule, owners=("person",), fields={"name": K}, on_erasure=OnErasure.KEPT, why="leads to nobody"))
