"""Who decided what others call things."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, hold
from distportal.systems.mapping.models import CrossReference, MissingCode, SavedRule, TableUpload

A, K = DataClass.AUDIT, DataClass.CONTENT

hold(Held(model=CrossReference, fields={"changed_by": A, "reason": K}))
hold(Held(model=MissingCode, fields={"settled_by": A, "settled_reason": K}))
hold(Held(model=SavedRule, owners=("owner",), fields={"saved_by": A, "ended_by": A}))
hold(Held(model=TableUpload, fields={"uploaded_by": A}))
