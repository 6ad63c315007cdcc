"""Which endpoints of the API go away, and when."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import resolve

NOTICE = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """An endpoint that goes away: since when nobody should build on it, when it ends, and where to read about it."""

    deprecated_at: dt.datetime
    sunset_at: dt.datetime
    link: str

    def __post_init__(self) -> None:
        if self.sunset_at - self.deprecated_at < NOTICE:
            raise ValueError(f"an endpoint ends {NOTICE.days} days after it was announced, not sooner")


ENDINGS: dict[str, Ending] = {}
"""By the name of the route. Announced here, so long before, together with docs/api-changes.md, which says how."""


def mark_endings(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The document, in which each call that goes away is deprecated."""
    if ENDINGS:
        for path, calls in result["paths"].items():
            if resolve(re.sub(r"\{[^}]+\}", str(UUID(int=0)), path)).view_name in ENDINGS:
                for call in calls.values():
                    call["deprecated"] = True
    return result
