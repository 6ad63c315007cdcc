"""Which ERP a connection leads to: its cursors, keys and figures mean nothing to another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from distportal.common.marks import A_TEXT
from distportal.common.prepared import PreparedRows
from distportal.events.clock import database_now
from distportal.systems.connections import stored_connection
from distportal.systems.errors import Misconfigured
from distportal.systems.kinds import KINDS
from distportal.systems.models import ErpIdentity

OTHER, OUT_OF_STEP, STARTING, BACK = "other_erp", "out_of_step", "starting", "back"
_KNOWN = PreparedRows(lambda name: ErpIdentity.objects.filter(connection=name), A_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A connection's ERP as it is set up now, to compare and to read."""

    fingerprint: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why a connection rests; `new` the first time that it is seen."""

    code: str
    sentence: str
    new: bool


def identity_now(name: str) -> Identity:
    """What the connection's kind and settings say, no secrets among them. Raises Misconfigured for an unknown one."""
    row = stored_connection(name)
    if row is not None:
        return identity_of(row.kind, row.settings)
    if name not in settings.ERP_ADAPTERS:
        raise Misconfigured("erp.unknown_connection", f"there is no ERP connection {name!r}, stored or in the settings")
    options: dict[str, Any] = settings.ERP_ADAPTERS[name]
    return identity_of(options["adapter"], options)


def identity_of(kind: str, options: Mapping[str, Any]) -> Identity:
    """The identity that settings of a kind give; how fast or how long it is asked is no part of it."""
    names = KINDS[kind].identity if kind in KINDS else ()
    values = {name: str(options.get(name, "")).rstrip("/") for name in names}
    digest = hashlib.sha256(json.dumps([kind, values], sort_keys=True).encode()).hexdigest()
    told = ", ".join(value for value in values.values() if value)
    return Identity(fingerprint=digest, told=f"{kind} {told}"[:300])


def note_identity(name: str) -> Stop | None:
    """Why nothing may be read from the connection, None where all is well. Whom it leads to the first time is trusted;
    with the code BACK it leads again to where it led before it was stopped.
    """
    now = identity_now(name)
    row = _KNOWN.first(name)
    if row is None:
        ErpIdentity.objects.get_or_create(
            connection=name,
            defaults={"fingerprint": now.fingerprint, "told": now.told, "reason": "as it was when first read"},
        )
        return None
    if row.fingerprint == now.fingerprint:
        if not row.stopped_code:
            return None
        code = BACK if row.stopped_code == OTHER else row.stopped_code
        return Stop(code=code, sentence=row.stopped_because, new=False)
    sentence = f"it led to {row.told} until now, and is set up for {now.told}"
    return Stop(code=OTHER, sentence=sentence, new=row.stopped_code != OTHER)


@transaction.atomic
def stop_connection(name: str, *, code: str, because: str) -> None:
    """Nothing is read from the connection any more until somebody says what is true."""
    ErpIdentity.objects.select_for_update(no_key=True).filter(connection=name).first()
    ErpIdentity.objects.filter(connection=name).update(
        stopped_at=database_now(), stopped_code=code, stopped_because=because[:500]
    )


@transaction.atomic
def trust_connection(name: str, *, actor: str, reason: str, starting: bool = False) -> ErpIdentity:
    """Whom the connection leads to now is its ERP from now on; `starting`: it still rests, until all is read anew."""
    now = identity_now(name)
    row, _ = ErpIdentity.objects.select_for_update(no_key=True).get_or_create(
        connection=name, defaults={"fingerprint": now.fingerprint, "told": now.told}
    )
    if row.fingerprint != now.fingerprint or starting:
        row.fingerprint, row.told, row.since = now.fingerprint, now.told, database_now()
    row.actor, row.reason = actor[:120], reason[:300]
    row.stopped_code = STARTING if starting else ""
    row.stopped_at = database_now() if starting else None
    row.stopped_because = "all that was read of it is read anew" if starting else ""
    row.save()
    return row


def is_another_erp(name: str) -> str:
    """Why nothing may be sent over the connection, empty where it may: its keys and numbers are another ERP's."""
    stop = note_identity(name)
    return stop.sentence if stop and stop.code in (OTHER, STARTING) else ""


def stops() -> dict[str, ErpIdentity]:
    """The connections that rest, by name."""
    return {row.connection: row for row in ErpIdentity.objects.exclude(stopped_code="")}
