"""What notifications hold of people."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.notices.models import Mail, Notice, NoticeChoice, NoticeSettings

WHO, K = DataClass.IDENTITY, DataClass.CONTENT

hold(
    Held(
        model=Mail, owners=("user",), on_erasure=OnErasure.REMOVED, shown=("sent_at", "state"),
        fields={"to_email": WHO, "subject": K, "text": K, "html": K},
    )
)  # fmt: skip
hold(
    Held(
        model=Notice, owners=("user",), fields={"facts": K}, shown=("kind", "path", "occurred_at"),
        on_erasure=OnErasure.REMOVED,
    )
)  # fmt: skip
hold(Held(model=NoticeSettings, owners=("user",), fields={"refused_email": WHO}, on_erasure=OnErasure.REMOVED))
hold(
    Held(
        model=NoticeChoice, owners=("user",), fields={"mail": K}, shown=("kind", "in_app"), on_erasure=OnErasure.REMOVED
    )
)
