"""What is published and what a subscriber gets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A business fact to publish: `type` is past tense and dotted, the aggregate is what it happened to. Without a
    `correlation_id` it belongs to the story that is told where it is published.
    """

    type: str
    aggregate_type: str
    aggregate_id: str
    payload: Mapping[str, Any]
    correlation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The fact as a subscriber gets it; `id` is equal on every repeat."""

    id: uuid.UUID
    type: str
    aggregate_type: str
    aggregate_id: str
    seq: int
    payload: Mapping[str, Any]
    correlation_id: uuid.UUID
    occurred_at: dt.datetime
