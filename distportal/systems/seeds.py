"""Demo connections: the sandbox's warehouse, carrier and CRM, and a partner who runs the other warehouses by EDI."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.systems.logistics import save_logistics_connection
from distportal.systems.models import LogisticsConnection

DEMO_HOOK = "roadrunner"
"""The carrier's name in its webhook's address."""


def seed_logistics(*, sandbox_url: str) -> None:
    """They are there and speak to the sandbox at that address; one that somebody switched off stays off."""
    _seed(
        "newark", "Newark floor", "wms_rest", {"url": f"{sandbox_url}/wms"}, {"token": "env:WMS_TOKEN"}, {"NEWARK": ""}
    )
    _seed("stowell", "Stowell Logistics", "wms_edi", {"partner": "STOWELL"}, {}, {"DAYTON": "", "RENO": ""})
    _seed(
        DEMO_HOOK,
        "Parcel carrier",
        "tms_rest",
        {"url": f"{sandbox_url}/tms"},
        {"token": "env:TMS_TOKEN", "webhook_secret": "env:TMS_WEBHOOK_SECRET"},
        {"UPSN": "Parcels"},
    )
    _seed("sales", "Sales CRM", "crm_rest", {"url": f"{sandbox_url}/crm"}, {"token": "env:CRM_TOKEN"}, {})


def _seed(
    name: str,
    title: str,
    kind: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    serves: Mapping[str, str],
) -> None:
    known = LogisticsConnection.objects.filter(name=name).first()
    save_logistics_connection(
        name=name,
        title=title,
        kind=kind,
        settings=settings,
        secrets=secrets,
        serves=known.serves if known else serves,
        active=known.active if known else True,
    )
