"""Compare every account's terms with the ERP's snapshot, the truth; an older as-of never overwrites a newer one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account
from distportal.systems.erp.port import Change
from distportal.systems.ownership import DEFAULT, hold_ownership
from inventory.process.applying import apply_customers
from inventory.process.feeds import comparable
from inventory.process.live.news import tell_news
from inventory.process.owned import owned_changes
from inventory.process.reconciling import CASE_KIND, Tally, reconciliation, report_drift, settle_drift
from inventory.process.snapshots import snapshot_pieces
from inventory.queries.drift import open_drift

DIFFERS, GONE = "customer_differs", "customer_gone"


def reconcile_customers(*, of: str = DEFAULT) -> None:
    """Each account of the connection is compared and brought to the ERP's word; one case tells each whose terms
    differed though the feed had been read since, or that the ERP has no more: a person decides what becomes of that.

    No transaction is open while the ERP is asked. Raises RetryLater while it does not answer.
    """
    found = comparable("customer", of=of)
    if found is None:
        return
    port, _ = found
    with reconciliation("customer", of=of) as tally:
        seen: set[str] = set()
        told = {code: open_drift(kind=CASE_KIND, code=code) for code in (DIFFERS, GONE)}
        for piece in snapshot_pieces(port, "customer"):
            _compare(tally, piece, told, of)
            seen |= {str(change.payload.get("account", "")) for change in piece}
        _report_gone(tally, seen, of)


@transaction.atomic
def _compare(tally: Tally, piece: Sequence[Change], told: Mapping[str, set[str]], of: str) -> None:
    hold_ownership()
    piece = owned_changes("customer", piece, of=of)
    rows = Account.objects.select_for_update(no_key=True).filter(code__in=[c.payload["account"] for c in piece], erp=of)
    ours = {row.code: row for row in rows.order_by("pk")}
    news: list[Change] = []
    for change in piece:
        row = ours.get(change.payload["account"])
        if row is None:
            continue  # the ERP sells to others, too
        tally.checked += 1
        if row.credit_as_of and row.credit_as_of > change.occurred_at:
            continue  # ours is newer: the snapshot was made before
        fields = _differing(row, change.payload)
        if fields:
            news.append(change)
            if row.erp_version and row.credit_as_of:  # before the ERP's first word nothing can differ
                report_drift(
                    tally, code=DIFFERS, subject_type="account", subject_id=row.code, account=row,
                    sentence=f"{row.name}: {', '.join(fields)}. The ERP's word was taken",
                )  # fmt: skip
        else:
            _settle(row.code, told)
    apply_customers(piece, erp=of)
    tell_news("customer", news, connection=of)


def _settle(code: str, told: Mapping[str, set[str]]) -> None:
    for kind, subjects in told.items():
        if code in subjects:
            settle_drift(code=kind, subject_type="account", subject_id=code)


def _differing(row: Account, told: Mapping[str, Any]) -> list[str]:
    """`credit limit was 50000, is 60000`, for each of its terms that differs."""
    found = [
        (name, getattr(row, name), Decimal(told[name]))
        for name in ("credit_limit", "credit_balance")
        if getattr(row, name) != Decimal(told[name])
    ]
    words = [f"{name.replace('_', ' ')} was {was.normalize():f}, is {now.normalize():f}" for name, was, now in found]
    held, blocked = row.status == AccountStatus.HOLD, told["status"] == "blocked"
    if held != blocked and row.status != AccountStatus.CLOSED:
        words.append("it is blocked in the ERP" if blocked else "it is not blocked in the ERP")
    group = told.get("price_group")
    if group is not None and group != row.price_group:
        words.append(f"its price group was {row.price_group or 'none'}, is {group or 'none'}")
    return words


@transaction.atomic
def _report_gone(tally: Tally, seen: set[str], of: str) -> None:
    """What an account owes and may order is not told by its end in the ERP: nothing of it is changed."""
    rows = Account.objects.filter(erp=of).exclude(erp_version="").exclude(status=AccountStatus.CLOSED)
    for row in rows.order_by("pk").iterator(2000):
        if row.code not in seen:
            report_drift(
                tally, code=GONE, subject_type="account", subject_id=row.code, account=row,
                sentence=f"{row.name}: the ERP has no customer {row.erp_code} any more. It may still order here: close "
                "the account, or find out under which number it is there",
            )  # fmt: skip
