"""What EDI holds of people. Files and documents are the partner's words, kept as they came: docs/retention.md."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from edi.models import Document, InboundFile, Onboarding, OutboundFile, SavedView, StageChange

A, C, K = DataClass.AUDIT, DataClass.CONTACT, DataClass.CONTENT
_SENT = "a company's word, kept as it came or left"

hold(Held(model=StageChange, fields={"by": A, "reason": K}))
hold(Held(model=Onboarding, fields={"started_by": A}))
hold(Held(model=SavedView, owners=("user",), fields={"name": K, "query": K}, on_erasure=OnErasure.REMOVED))
hold(Held(model=InboundFile, fields={"content": C}, on_erasure=OnErasure.KEPT, why=_SENT))
hold(Held(model=OutboundFile, fields={"content": C}, on_erasure=OnErasure.KEPT, why=_SENT))
hold(Held(model=Document, fields={"segments": C}, on_erasure=OnErasure.KEPT, why=_SENT))
