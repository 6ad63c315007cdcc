"""A request, what answers it, and what they share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from .config import LiveConfig
from .faults import FaultPlan
from .store import Store


@dataclass
class Server:
    """What all requests share."""

    store: Store
    config: LiveConfig
    faults: FaultPlan
    token: str


@dataclass
class Request:
    """One call; `started` is the ERP's clock when it came in."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    started: dt.datetime
    server: Server
    parts: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes | dict[str, Any] | list[Any]
    mime: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
