"""A connection that leads to another ERP, or lost its place, rests with one case until a person says what is true."""

from __future__ import annotations

import datetime as dt

from django.db import connection as database
from django.db import transaction

from distportal.common.errors import Invalid
from distportal.events.jobs import enqueue_job
from distportal.systems.identity import OTHER, OUT_OF_STEP, identity_now, stop_connection, trust_connection
from distportal.systems.models import ErpIdentity
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.models import ErpFact, FeedCursor, Reconciliation

CASE_KIND = "erp.stopped"
ANEW_JOB = "inventory.start_anew"
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The as-of of a figure of a former ERP: whatever the ERP of today says is newer."""
_FORGET = (
    "UPDATE inventory_stocklevel SET as_of = %(long_ago)s, erp_version = '' WHERE erp = %(of)s",
    "UPDATE inventory_item SET erp_version = '', erp_code = 'anew:' || id WHERE erp = %(of)s",
    "UPDATE inventory_price SET erp_version = '', as_of = %(long_ago)s WHERE erp = %(of)s",
    "UPDATE accounts_account SET credit_as_of = NULL, erp_version = '' WHERE erp = %(of)s",
)


@transaction.atomic
def stop_reading(*, of: str, because: str) -> None:
    """The feeds of the connection rest, with one open case however often it is noticed."""
    row = ErpIdentity.objects.filter(connection=of).first()
    code = OTHER if row is None or row.fingerprint != identity_now(of).fingerprint else OUT_OF_STEP
    stop_connection(of, code=code, because=because)
    rest = "Nothing is read from it and no order is sent over it" if code == OTHER else "Nothing is read from it"
    open_case(
        kind=CASE_KIND,
        code=code,
        subject_type="erp_connection",
        subject_id=of,
        sentence=f"ERP connection {of} rests: {because}. {rest} until you say what is true on the Connections page",
        severity=4,
        queue="operations",
        data={"connection": of, "code": code},
    )


@transaction.atomic
def go_on_with_same_erp(*, of: str, reason: str, actor: str) -> None:
    """It is the same ERP at another place: cursors and figures stay. Raises Invalid without a reason."""
    trust_connection(of, actor=actor, reason=_reason(reason))
    _settle(of, f"the same ERP, {actor}: {reason}")


@transaction.atomic
def start_anew(*, of: str, reason: str, actor: str) -> None:
    """It is another ERP, or its place is lost: all is read from the start again, in a job; the connection rests until
    that has begun. Raises Invalid without a reason.
    """
    trust_connection(of, actor=actor, reason=_reason(reason), starting=True)
    enqueue_job(ANEW_JOB, key=of, payload={"connection": of})


@transaction.atomic
def forget_former(*, of: str) -> None:
    """The figures stay until the ERP tells its own, which count as newer whatever their stamps say; then what it does
    not have ends by the comparison with its snapshot. Done again, it changes nothing more.
    """
    row = ErpIdentity.objects.select_for_update(no_key=True).get(connection=of)
    FeedCursor.objects.filter(connection=of).update(cursor="")
    Reconciliation.objects.filter(connection=of).exclude(cursor="").update(cursor="")
    ErpFact.objects.filter(connection=of).delete()
    with database.cursor() as cursor:
        for statement in _FORGET:
            cursor.execute(statement, {"of": of, "long_ago": LONG_AGO})
    trust_connection(of, actor=row.actor, reason=row.reason)
    for kind in ("stock", "prices", "items", "customers"):
        enqueue_job(f"inventory.reconcile_{kind}", key=of, payload={"connection": of}, delay=60.0)
    _settle(of, f"started anew by {row.actor}: {row.reason}")


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("say why; nothing was changed")
    return text.strip()


def _settle(of: str, reason: str) -> None:
    resolve_cases(subject_type="erp_connection", subject_id=of, resolution=Resolution.BY_EVENT, reason=reason[:300])
