"""The demo's ERPs as connections: one, and with TWO_ERPS a second one beside it."""

from __future__ import annotations

from django.conf import settings

from distportal.management.demo_programs import erp_port, new_erp_port, two_erps
from distportal.systems.connections import run_beside, save_connection
from distportal.systems.identity import trust_connection
from distportal.systems.models import ErpConnection

NAME = "new"
WHY = "the demo's own ERP: its books lie in this folder, whatever its port is"


def connect_erps() -> None:
    """The sandbox ERPs of this folder are the ERPs of this portal. An ERP that somebody connected is left alone."""
    if not ErpConnection.objects.filter(name="default").exists():
        settings.ERP_ADAPTERS["default"]["url"] = f"http://127.0.0.1:{erp_port()}"
        trust_connection("default", actor="the demo", reason=WHY)
    if two_erps():
        save_connection(
            name=NAME,
            kind="sandbox",
            settings={"url": f"http://127.0.0.1:{new_erp_port()}"},
            secrets={"token": "env:ERP_TOKEN"},
            rate_per_minute=1200,
        )
        run_beside(name=NAME, together=True, title="New ERP")
        trust_connection(NAME, actor="the demo", reason=WHY)
    else:
        ErpConnection.objects.filter(name=NAME, side_by_side=True).update(active=False)
