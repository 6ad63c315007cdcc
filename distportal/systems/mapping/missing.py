"""Codes that stopped real work: noted in the transaction of the failure, with what waits for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from distportal.accounts.models import Account
from distportal.systems.mapping.models import Waiting

_NOTE = """
INSERT INTO mapping_missingcode AS m
       (created_at, updated_at, scope, kind, side, code, state, times, first_seen_at, last_seen_at, settled_by,
        settled_reason, answer)
SELECT now(), now(), scope, kind, side, code, 'open', 1, clock_timestamp(), clock_timestamp(), '', '', ''
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS u (scope, kind, side, code)
 ORDER BY scope, kind, side, code
    ON CONFLICT (scope, kind, side, code) DO UPDATE
   SET times = m.times + 1, last_seen_at = EXCLUDED.last_seen_at, updated_at = now(),
       state = CASE WHEN m.state = 'ignored' THEN m.state ELSE 'open' END
RETURNING id
"""
_END = "DELETE FROM mapping_waiting WHERE subject_type = %s AND subject_id = ANY(%s)"


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """One code that has no partner on the other side; `side` is the side whose code it is."""

    scope: str
    kind: str
    side: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What waits: `label` and `seen_in` are for people."""

    type: str
    id: str
    label: str
    seen_in: str
    account: Account | None = None
    amount: Decimal = Decimal(0)
    currency: str = "USD"


@transaction.atomic
def wait_for(*, subject: Subject, missing: Collection[Missing]) -> None:
    """The subject waits for exactly these codes from now on; each is seen once more. What somebody chose to leave
    unmapped is counted and stays so.
    """
    wanted = sorted({m for m in missing if 0 < len(m.code) <= 80})
    ids = _noted(wanted)
    rest = Waiting.objects.filter(subject_type=subject.type, subject_id=subject.id)
    rest.exclude(missing_id__in=ids).delete()
    Waiting.objects.bulk_create(
        [
            Waiting(
                missing_id=pk,
                subject_type=subject.type,
                subject_id=subject.id,
                label=subject.label[:160],
                seen_in=subject.seen_in[:60],
                account=subject.account,
                amount=subject.amount,
                currency=subject.currency,
            )
            for pk in ids
        ],
        update_conflicts=True,
        unique_fields=["missing", "subject_type", "subject_id"],
        update_fields=["label", "seen_in", "amount", "currency", "trouble"],
    )


def wait_no_more(*, subject_type: str, subject_ids: Collection[str]) -> int:
    """How many waits ended: the work went on, or is not wanted any more."""
    with connection.cursor() as cursor:
        cursor.execute(_END, [subject_type, list(subject_ids)])
        return int(cursor.rowcount)


def _noted(wanted: Sequence[Missing]) -> list[int]:
    if not wanted:
        return []
    columns = [[getattr(m, name) for m in wanted] for name in ("scope", "kind", "side", "code")]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, columns)
        return [pk for (pk,) in cursor.fetchall()]
