"""Which ERP the portal speaks to."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from distportal.systems.erp.guarded import GuardedErp
from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import Misconfigured
from distportal.systems.guard import Limits


@cache
def erp(name: str = "default") -> ErpPort:
    """The guarded adapter of settings.ERP_ADAPTERS[name], one per process. Raises Misconfigured for an unknown name."""
    adapters: dict[str, dict[str, Any]] = settings.ERP_ADAPTERS
    if name not in adapters:
        raise Misconfigured("erp.unknown_connection", f"settings name no ERP connection {name!r}")
    options = dict(adapters[name])
    adapter: ErpPort = import_string(options.pop("adapter"))(
        **{key: value for key, value in options.items() if key not in ("rate_per_minute", "concurrency")}
    )
    limits = Limits(
        system=f"erp-{name}"[:20],
        rate_per_minute=float(options.get("rate_per_minute", 600)),
        concurrency=int(options.get("concurrency", 4)),
        prefix="erp",
    )
    return GuardedErp(adapter, limits)


def forget_connections() -> None:
    """The next `erp()` reads the settings again."""
    erp.cache_clear()
