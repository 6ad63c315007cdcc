"""ERP connections as data: read strictly, so that a slip of the pen is told when it is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_origin, get_type_hints

from django.db import transaction
from django.utils.module_loading import import_string

from distportal.canonical.base import from_json
from distportal.common.marks import A_TEXT
from distportal.common.prepared import PreparedRows
from distportal.systems.erp.port import ErpPort
from distportal.systems.errors import Misconfigured
from distportal.systems.kinds import KINDS, AdapterKind
from distportal.systems.models import ErpAssignment, ErpConnection, ErpSwitch
from distportal.systems.secrets import FORMS, secret

_STORED = PreparedRows(lambda name: ErpConnection.objects.filter(name=name), A_TEXT)
_PLAIN: dict[Any, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}


def stored_connection(name: str) -> ErpConnection | None:
    """The row of that name as it is now; None where there is none."""
    return _STORED.first(name)


def make_adapter(kind: str, settings: Mapping[str, Any]) -> ErpPort:
    """The adapter of a kind with these settings, secrets among them. Raises Misconfigured `erp.connection_invalid`."""
    adapter: ErpPort = import_string(_kind(kind).adapter)(read_settings(kind, settings))
    return adapter


def read_settings(kind: str, settings: Mapping[str, Any]) -> Any:
    """The kind's settings object. Raises Misconfigured naming what is unknown, missing or of the wrong type."""
    cls = import_string(_kind(kind).settings)
    hints = get_type_hints(cls)
    if unknown := sorted(settings.keys() - hints.keys()):
        raise _invalid(kind, f"it has no setting {', '.join(unknown)}")
    for name, value in settings.items():
        wanted = _PLAIN.get(hints[name]) or ((dict,) if get_origin(hints[name]) is Mapping else None)
        if wanted and (not isinstance(value, wanted) or (bool not in wanted and isinstance(value, bool))):
            raise _invalid(kind, f"{name} has to be {' or '.join(t.__name__ for t in wanted)}")
    try:
        return from_json(cls, dict(settings))
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise _invalid(kind, str(error)) from error


def secret_fields(kind: str) -> set[str]:
    """The settings that may be given by reference only."""
    cls = import_string(_kind(kind).settings)
    return {field.name for field in dataclasses.fields(cls) if field.metadata.get("secret")}


def needed_secrets(kind: str) -> set[str]:
    """Those of the secret settings without which a connection cannot be made."""
    fields = dataclasses.fields(import_string(_kind(kind).settings))
    return {f.name for f in fields if f.metadata.get("secret") and f.default is dataclasses.MISSING}


def connection_adapter(row: ErpConnection) -> ErpPort:
    """The adapter of a stored connection, its secrets fetched now."""
    if not row.active:
        raise Misconfigured("erp.connection_off", f"the ERP connection {row.name} is switched off")
    fetched = {name: secret(reference) for name, reference in row.secrets.items()}
    return make_adapter(row.kind, {**row.settings, **fetched})


@transaction.atomic
def save_connection(
    *,
    name: str,
    kind: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    rate_per_minute: int = 600,
    concurrency: int = 4,
    active: bool = True,
) -> ErpConnection:
    """The stored connection, in force from the next call on in every process. Raises Misconfigured and stores nothing
    where a setting is wrong, a secret is written out, or a secret's reference has no known form.
    """
    if _kind(kind).port != "erp":
        raise _invalid(kind, "it is no kind of ERP")
    wanted = secret_fields(kind)
    if told := sorted(wanted & settings.keys()):
        raise _invalid(kind, f"{', '.join(told)} must not be stored: say where it lies, env:NAME or file:/path")
    if not needed_secrets(kind) <= secrets.keys() <= wanted or not all(
        str(r).startswith(FORMS) for r in secrets.values()
    ):
        raise _invalid(kind, f"say where these secrets lie, env:NAME or file:/path: {', '.join(sorted(wanted))}")
    read_settings(kind, {**settings, **dict.fromkeys(wanted, "")})
    row, _ = ErpConnection.objects.update_or_create(
        name=name,
        defaults={
            "kind": kind,
            "settings": dict(settings),
            "secrets": dict(secrets),
            "rate_per_minute": rate_per_minute,
            "concurrency": concurrency,
            "active": active,
        },
    )
    return row


@transaction.atomic
def switch_connection(*, name: str, active: bool) -> ErpConnection:
    """The connection, on or off. Raises Misconfigured for an unknown name."""
    row = ErpConnection.objects.select_for_update(no_key=True).filter(name=name).first()
    if row is None:
        raise Misconfigured("erp.unknown_connection", f"there is no ERP connection {name!r}")
    row.active = active
    row.save(update_fields=["active", "updated_at"])
    return row


@transaction.atomic
def run_beside(*, name: str, together: bool, title: str = "") -> ErpConnection:
    """The connection, read beside the house's own from now on, or not any more. Raises Misconfigured for an unknown
    name, and while something is with it or planned to be: that is moved away first.
    """
    row = ErpConnection.objects.select_for_update(no_key=True).filter(name=name).first()
    if row is None or name == "default":
        raise Misconfigured("erp.unknown_connection", f"there is no second ERP connection {name!r}")
    if not together and name in connections_in_use():
        raise Misconfigured("erp.in_use", f"accounts, items or warehouses are with ERP {name}, or are planned to be")
    row.side_by_side, row.title = together, title or row.title
    row.save(update_fields=["side_by_side", "title", "updated_at"])
    return row


def connections_in_use() -> set[str]:
    """The connections that something is with now, or shall be."""
    newest = ErpAssignment.objects.order_by("kind", "key", "-from_at").distinct("kind", "key")
    planned = ErpSwitch.objects.filter(state__in=ErpSwitch.State.OPEN).values_list("connection", flat=True)
    return {row.connection for row in newest.iterator()} | set(planned)


def _kind(name: str) -> AdapterKind:
    if name not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise Misconfigured("erp.unknown_kind", f"there is no adapter kind {name!r}; there are {known}")
    return KINDS[name]


def _invalid(kind: str, why: str) -> Misconfigured:
    return Misconfigured("erp.connection_invalid", f"a connection of the kind {kind} cannot be made: {why}")
