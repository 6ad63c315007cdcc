"""Which ERP the portal speaks to: a stored connection, else the one that the settings name."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from django.conf import settings

from distportal.systems.connections import connection_adapter, make_adapter, stored_connection
from distportal.systems.erp.guarded import GuardedErp
from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import Misconfigured
from distportal.systems.guard import Limits
from distportal.systems.kinds import KINDS
from distportal.systems.mapping.speaking import tables_of
from distportal.systems.models import ErpConnection

_lock = threading.Lock()
_made: dict[str, tuple[str, ErpPort]] = {}


def system_name(name: str) -> str:
    """How the connection is called in limits and in what is noted of its calls."""
    return f"erp-{name}"[:20]


def erp(name: str = "default") -> ErpPort:
    """The guarded adapter of a connection, one per process until its row changes.

    A stored connection wins over settings.ERP_ADAPTERS. Raises Misconfigured for one that is unknown, off or wrong.
    """
    row = stored_connection(name)
    mark = row.updated_at.isoformat() if row else ""
    with _lock:
        known = _made.get(name)
        if known is None or known[0] != mark:
            known = _made[name] = (mark, _of_row(row) if row else _of_settings(name))
    return known[1]


def forget_connections() -> None:
    """The next `erp()` reads rows and settings again."""
    with _lock:
        _made.clear()


def _of_row(row: ErpConnection) -> ErpPort:
    return _guarded(row.name, row.kind, connection_adapter(row), row.rate_per_minute, row.concurrency)


def _of_settings(name: str) -> ErpPort:
    adapters: dict[str, dict[str, Any]] = settings.ERP_ADAPTERS
    if name not in adapters:
        raise Misconfigured("erp.unknown_connection", f"there is no ERP connection {name!r}, stored or in the settings")
    options = dict(adapters[name])
    rate, concurrency, kind = options.pop("rate_per_minute", 600), options.pop("concurrency", 4), options.pop("adapter")
    return _guarded(name, kind, make_adapter(kind, options), rate, concurrency)


def mapping_scope(name: str) -> str:
    """Whose tables of cross references a connection's codes are in."""
    return f"erp:{name}"


def _guarded(name: str, kind: str, adapter: ErpPort, rate: float, concurrency: int) -> GuardedErp:
    return GuardedErp(
        adapter,
        _limits(name, rate, concurrency),
        tables=partial(tables_of, mapping_scope(name)),
        translates=KINDS[kind].translates,
    )


def _limits(name: str, rate_per_minute: float, concurrency: int) -> Limits:
    return Limits(
        system=system_name(name), rate_per_minute=float(rate_per_minute), concurrency=concurrency, prefix="erp"
    )
