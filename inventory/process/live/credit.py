"""An account's credit as the ERP says now; it is taken over like news of the feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account
from distportal.events.clock import database_now
from distportal.systems.cache.answers import NEVER, Ages, Answer, CachedRead, Seen, cached_read
from distportal.systems.cache.looking import look_up
from distportal.systems.registry import erp
from inventory.process.applying import apply_customers
from inventory.process.live.scoped import read_scoped
from inventory.queries.feeds import feed_read_at


def check_credit(*, account: Account, connection: str = "default") -> Seen:
    """`{limit, balance, blocked}` in the account's currency, and when the ERP said so. As long as the feed of customers
    is read it is not asked at all.
    """
    return look_up(CREDIT, [account.code], connection=connection)[account.code]


def _fetch(connection: str, codes: Sequence[str]) -> Mapping[str, Answer]:
    port, found = erp(connection), {}
    for code in codes:
        changes = read_scoped(port, "customer", {"account": code})
        with transaction.atomic():
            apply_customers(changes, erp=connection)
        now = database_now()
        for change in changes:
            told = change.payload
            value = _value(told["credit_limit"], told["credit_balance"], blocked=told["status"] == "blocked")
            found[code] = Answer(value=value, as_of=change.occurred_at, checked_at=now)
    return found


def _snapshot(connection: str, codes: Sequence[str]) -> Mapping[str, Answer]:
    read_at = feed_read_at("customer", of=connection) or NEVER
    return {
        row.code: Answer(
            value=_value(row.credit_limit, row.credit_balance, blocked=row.status != AccountStatus.ACTIVE),
            as_of=row.credit_as_of,
            checked_at=read_at,
        )
        for row in Account.objects.filter(code__in=codes, credit_as_of__isnull=False)
        if row.credit_as_of is not None
    }


def _value(limit: Any, balance: Any, *, blocked: bool) -> dict[str, Any]:
    return {"limit": str(limit), "balance": str(balance), "blocked": blocked}


CREDIT = cached_read(
    CachedRead(name="credit", ages=Ages(soft=300, hard=86_400, unknown=60), fetch=_fetch, snapshot=_snapshot)
)
