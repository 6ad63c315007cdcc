"""Files that nothing holds are forgotten after a while."""

from __future__ import annotations

from distportal.accounts.personal import DataClass
from distportal.events.retention import Retention, keep

keep(
    Retention(
        name="uploads",
        table="uploads_storedfile",
        clock="created_at",
        age="CASE WHEN NOT used THEN created_at END",
        days=7,
        data_class=DataClass.CONTENT,
    )
)
