"""Who decided which ERP owns what."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, hold
from distportal.systems.models import ErpAssignment, ErpIdentity, ErpSwitch

A, K = DataClass.AUDIT, DataClass.CONTENT

hold(Held(model=ErpAssignment, fields={"decided_by": A, "reason": K}))
hold(Held(model=ErpIdentity, fields={"actor": A, "reason": K}))
hold(Held(model=ErpSwitch, fields={"planned_by": A, "reason": K, "ended_by": A, "end_reason": K}))
