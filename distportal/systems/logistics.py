"""Warehouse systems, carriers and CRMs as stored connections: kept strictly, reached by name, guarded like the ERP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from distportal.common.remembering import remembered
from distportal.systems.connections import read_settings, secret_fields
from distportal.systems.crm.guarded import GuardedCrm
from distportal.systems.crm.port import CrmPort
from distportal.systems.errors import Misconfigured
from distportal.systems.guard import Limits
from distportal.systems.kinds import KINDS, Port
from distportal.systems.models import LogisticsConnection
from distportal.systems.secrets import FORMS, secret
from distportal.systems.tms.guarded import GuardedTms
from distportal.systems.tms.port import TmsPort
from distportal.systems.wms.guarded import GuardedWms
from distportal.systems.wms.port import WmsPort

_lock = threading.Lock()
_made: dict[str, tuple[str, Any]] = {}


def wms(name: str) -> WmsPort:
    """The guarded adapter of a warehouse system. Raises Misconfigured for one that is unknown, off or wrong."""
    port: WmsPort = _port("wms", name, GuardedWms)
    return port


def tms(name: str) -> TmsPort:
    """The guarded adapter of a carrier. Raises Misconfigured for one that is unknown, off or wrong."""
    port: TmsPort = _port("tms", name, GuardedTms)
    return port


def crm(name: str) -> CrmPort:
    """The guarded adapter of a CRM. Raises Misconfigured for one that is unknown, off or wrong."""
    port: CrmPort = _port("crm", name, GuardedCrm)
    return port


def active_connections(role: Port) -> list[LogisticsConnection]:
    """The connections in force, by name."""
    rows = remembered("systems.logistics", lambda: list(LogisticsConnection.objects.filter(active=True)))
    return [row for row in rows if row.role == role]


def warehouse_services() -> dict[str, LogisticsConnection]:
    """Our warehouse code -> the system that ships from there."""
    return {code: row for row in active_connections("wms") for code in row.serves}


def limits_of(row: LogisticsConnection) -> Limits:
    """How much the other side bears, and its name in limits and in what is noted of its calls."""
    return Limits(
        system=f"{row.role}-{row.name}"[:20],
        rate_per_minute=float(row.rate_per_minute),
        concurrency=row.concurrency,
        prefix=row.role,
    )


@transaction.atomic
def save_logistics_connection(
    *,
    name: str,
    title: str,
    kind: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    serves: Mapping[str, str],
    rate_per_minute: int = 600,
    concurrency: int = 4,
    active: bool = True,
) -> LogisticsConnection:
    """The stored connection, in force from the next call on in every process. Raises Misconfigured and stores nothing
    where a setting is wrong, a secret is written out, or another one serves the same warehouse or SCAC.
    """
    if kind not in KINDS or KINDS[kind].port == "erp":
        raise Misconfigured(
            "logistics.unknown_kind", f"there is no kind {kind!r} of warehouse systems, carriers or CRMs"
        )
    wanted, role = secret_fields(kind), KINDS[kind].port
    if told := sorted(wanted & settings.keys()):
        raise _invalid(name, f"{', '.join(told)} must not be stored: say where it lies, env:NAME or file:/path")
    if secrets.keys() != wanted or not all(str(r).startswith(FORMS) for r in secrets.values()):
        raise _invalid(name, f"say where these secrets lie, env:NAME or file:/path: {', '.join(sorted(wanted))}")
    read_settings(kind, {**settings, **dict.fromkeys(wanted, "")})
    others = (
        LogisticsConnection.objects.select_for_update(no_key=True).filter(role=role, active=True).exclude(name=name)
    )
    taken = {code: row for row in others.order_by("pk") for code in row.serves}
    if active and (twice := sorted(serves.keys() & taken.keys())):
        raise _invalid(name, f"{twice[0]} is served by {taken[twice[0]]} already")
    values = {
        "title": title, "role": role, "kind": kind, "settings": dict(settings), "secrets": dict(secrets),
        "serves": dict(serves), "rate_per_minute": rate_per_minute, "concurrency": concurrency, "active": active,
    }  # fmt: skip
    row, _ = LogisticsConnection.objects.update_or_create(name=name, defaults=values)
    return row


def _port(role: Port, name: str, guard: Any) -> Any:
    row = LogisticsConnection.objects.filter(role=role, name=name).first()
    if row is None or not row.active:
        raise Misconfigured(f"{role}.connection_off", f"there is no connection {name!r} in force")
    mark = row.updated_at.isoformat()
    with _lock:
        known = _made.get(name)
        if known is None or known[0] != mark:
            fetched = {name: secret(reference) for name, reference in row.secrets.items()}
            settings = read_settings(row.kind, {**row.settings, **fetched})
            known = _made[name] = (mark, guard(import_string(KINDS[row.kind].adapter)(settings), limits_of(row)))
    return known[1]


def _invalid(name: str, why: str) -> Misconfigured:
    return Misconfigured("logistics.connection_invalid", f"the connection {name} cannot be made: {why}")
