"""Whether another system answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemHealth:
    """Whether it answers now, its version, and the round trip in milliseconds."""

    ok: bool
    version: str
    latency_ms: float
