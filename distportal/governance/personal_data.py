"""Who planned changes of rules."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, hold
from distportal.governance.models import PlannedChange

hold(Held(model=PlannedChange, owners=("planned_by",), fields={"reason": DataClass.CONTENT}, shown=("about",)))
