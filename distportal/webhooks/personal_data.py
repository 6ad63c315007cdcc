"""What webhooks hold of people: who made one; what was sent is kept for a month, what came with its body."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.webhooks.models import Delivery, Endpoint, Received

hold(
    Held(
        model=Endpoint, owners=("made_by",), shown=("account",),
        fields={"name": DataClass.CONTENT, "sealed_secret": DataClass.SECRET, "sealed_old_secret": DataClass.SECRET},
    )
)  # fmt: skip
hold(
    Held(
        model=Delivery, fields={"body": DataClass.CONTACT}, on_erasure=OnErasure.KEPT,
        why="what was sent; must be the same when it is sent again; goes by itself",
    )
)  # fmt: skip
hold(
    Held(
        model=Received, fields={"body": DataClass.CONTACT}, on_erasure=OnErasure.KEPT,
        why="another system's word, as it came",
    )
)  # fmt: skip
