"""What requests themselves hold of people."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.personal.models import PersonalRequest

hold(
    Held(
        model=PersonalRequest, owners=("asked_by", "agreed_by"), on_erasure=OnErasure.KEPT,
        fields={"email": DataClass.IDENTITY, "reason": DataClass.CONTENT, "content": DataClass.CONTENT},
        shown=("kind", "asked_at"), why="that it was asked; the address becomes the pseudonym when it is done",
    )
)  # fmt: skip
