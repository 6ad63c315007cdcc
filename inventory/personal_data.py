"""Who changed what of goods."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, hold
from inventory.models import ErpComparison, ItemCrossReference, ItemDocument, ItemDocumentVersion, Promise

hold(Held(model=ItemCrossReference, fields={"created_by": DataClass.AUDIT}, shown=("code",)))
hold(Held(model=ErpComparison, fields={"asked_by": DataClass.AUDIT}))
hold(Held(model=Promise, fields={"by": DataClass.AUDIT, "reason": DataClass.CONTENT}, shown=("demand_ref",)))
hold(Held(model=ItemDocument, fields={"withdrawn_by": DataClass.AUDIT, "withdrawn_why": DataClass.CONTENT}))
hold(Held(model=ItemDocumentVersion, fields={"added_by": DataClass.AUDIT}))
