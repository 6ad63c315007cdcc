"""What messages hold of people."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.threads.models import Message, ThreadReader

hold(
    Held(
        model=Message, owners=("author",), fields={"author_name": DataClass.AUDIT, "text": DataClass.CONTENT},
        shown=("thread", "written_at"), why="what was agreed about a record",
    )
)  # fmt: skip
hold(Held(model=ThreadReader, owners=("user",), fields={"user": DataClass.TRACE}, on_erasure=OnErasure.REMOVED))
