"""What files hold of people."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, hold
from distportal.uploads.models import StoredFile

hold(
    Held(
        model=StoredFile, owners=("uploaded_by",), fields={"name": DataClass.CONTENT, "content": DataClass.CONTENT},
        on_erasure=OnErasure.KEPT, why="evidence of the record that it came with; an unused one goes by itself",
    )
)  # fmt: skip
