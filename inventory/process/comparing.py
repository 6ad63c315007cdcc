"""Lay two ERPs side by side: whole snapshots of both, and a row for each thing that they say differently."""

from __future__ import annotations

from django.db import connection as database
from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import SnapshotKind
from distportal.systems.errors import Transient
from distportal.systems.ownership import DEFAULT
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.models import ErpComparison, ErpDifference, ErpFact
from inventory.process.facts import forget_unread, keep_facts
from inventory.process.feeds import connected
from inventory.process.snapshots import snapshot_pieces
from inventory.queries.facts import differences_sql

CASE_KIND = "erp.two_differ"
COMPARE_JOB = "inventory.compare_erps"
KINDS: tuple[SnapshotKind, ...] = ("item", "stock", "price", "customer")
ROWS_KEPT = 2
"""Comparisons whose rows are kept; of those before, the numbers are."""
_WRITE = """
INSERT INTO inventory_erpdifference
       (comparison_id, kind, code, subject, left_value, right_value, left_as_of, right_as_of, owner)
SELECT %(comparison)s, %(kind)s, d.code, d.subject, left(COALESCE(d.left_value, ''), 160),
       left(COALESCE(d.right_value, ''), 160), d.left_as_of, d.right_as_of,
       COALESCE(CASE %(kind)s WHEN 'customer' THEN a.erp WHEN 'stock' THEN COALESCE(s.erp, i.erp)
                WHEN 'price' THEN COALESCE(NULLIF(a.erp, 'default'), i.erp) ELSE i.erp END, 'default')
  FROM ({differences}) d
  LEFT JOIN inventory_item i ON i.sku = d.sku
  LEFT JOIN accounts_account a ON a.code = d.account AND d.account <> ''
  LEFT JOIN inventory_warehouse w ON w.code = d.warehouse AND d.warehouse <> ''
  LEFT JOIN inventory_stocklevel s ON s.item_id = i.id AND s.warehouse_id = w.id
"""


def compare_erps(*, right: str, left: str = DEFAULT, asked_by: str = "") -> ErpComparison:
    """The comparison, its numbers by kind and code and a row for each difference; one case tells of all together.

    Reads whole snapshots of both, in pieces: no transaction is open while an ERP is asked. Raises RetryLater while one
    does not answer; what the comparison before found stays then.
    """
    row = ErpComparison.objects.create(left=left, right=right, asked_by=asked_by[:120])
    try:
        rests = [name for name in (left, right) if not _read_all(name, row)]
    except Transient as error:
        _fail(row, error.message)
        raise RetryLater(error.message, after=60.0, counts=False) from error
    if rests:
        _fail(row, f"ERP connection {' and '.join(rests)} rests")
        return row
    return _lay_side_by_side(row)


def _read_all(of: str, row: ErpComparison) -> bool:
    port = connected(of)
    if port is None:
        return False
    for kind in KINDS:
        if kind not in port.capabilities().feeds:
            continue
        for piece in snapshot_pieces(port, kind):
            keep_facts(piece, of=of)
        forget_unread(of=of, kind=kind, before=row.started_at)
    return True


@transaction.atomic
def _lay_side_by_side(row: ErpComparison) -> ErpComparison:
    for kind in KINDS:
        asked: dict[str, str | int] = {"left": row.left, "right": row.right, "kind": kind, "comparison": row.pk}
        with database.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '128MB'")
            cursor.execute(_WRITE.format(differences=differences_sql(kind)), asked)
        facts = ErpFact.objects.filter(connection__in=(row.left, row.right), kind=kind, deleted=False)
        row.checked[kind] = facts.values("subject").distinct().count()
    row.differences = _counted(row)
    row.differing = sum(sum(codes.values()) for codes in row.differences.values())
    row.state, row.finished_at = ErpComparison.State.DONE, database_now()
    row.save()
    kept = ErpComparison.objects.filter(left=row.left, right=row.right, state=ErpComparison.State.DONE)
    old = ErpComparison.objects.filter(left=row.left, right=row.right).exclude(pk__in=kept[:ROWS_KEPT].values("pk"))
    ErpDifference.objects.filter(comparison__in=old).delete()
    _tell(row)
    return row


def _counted(row: ErpComparison) -> dict[str, dict[str, int]]:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT kind, code, count(*) FROM inventory_erpdifference WHERE comparison_id = %s GROUP BY 1, 2 ORDER BY"
            " 1, 2",
            [row.pk],
        )
        found: dict[str, dict[str, int]] = {}
        for kind, code, count in cursor.fetchall():
            found.setdefault(kind, {})[code] = count
    return found


def _tell(row: ErpComparison) -> None:
    pair = f"{row.left}/{row.right}"
    if not row.differing:
        resolve_cases(
            subject_type="erp_comparison", subject_id=pair, resolution=Resolution.BY_EVENT, reason="both say the same"
        )
        return
    told = ", ".join(f"{sum(codes.values())} of {kind}s" for kind, codes in row.differences.items())
    open_case(
        kind=CASE_KIND,
        code="two_differ",
        subject_type="erp_comparison",
        subject_id=pair,
        sentence=f"ERP {row.left} and ERP {row.right} differ in {row.differing} places: {told}",
        severity=2,
        queue="operations",
        data={"comparison": row.pk, "differences": row.differences},
    )


@transaction.atomic
def _fail(row: ErpComparison, why: str) -> None:
    row.state, row.error, row.finished_at = ErpComparison.State.FAILED, why[:300], database_now()
    row.save()
