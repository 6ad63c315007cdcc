"""Which ERP something is with, and why: dated rows, read for many things in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection as database

from distportal.systems.models import ErpAssignment, ErpConnection, OwnedKind

DEFAULT = "default"
"""The house's own ERP: whatever nobody moved is with it."""
Key = tuple[str, str]
_LOCK = 7_430_117
_CLAIMS = """
SELECT DISTINCT ON (a.kind, a.key) a.kind, a.key, a.connection, a.from_at, a.reason, a.decided_by
  FROM systems_erpassignment a
 WHERE (a.kind, a.key) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
   AND a.from_at <= COALESCE(%s, clock_timestamp())
 ORDER BY a.kind, a.key, a.from_at DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A key is with a connection since a time, as somebody decided."""

    kind: str
    key: str
    connection: str
    from_at: dt.datetime
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The connection that something is with; `claim` is the decision it follows, None where nobody decided."""

    connection: str
    claim: Claim | None = None

    def sentence(self, what: str, titles: Mapping[str, str] | None = None) -> str:
        """`account HARBOR is with New ERP since 1 Dec 2026: cut-over wave 2 (Ann)`."""
        name = (titles or {}).get(self.connection, self.connection)
        if self.claim is None:
            return f"{what} is with {name}: nobody moved it"
        by = f" by its {self.claim.kind} {self.claim.key}" if not what.endswith(f" {self.claim.key}") else ""
        since = f"{self.claim.from_at.day} {self.claim.from_at:%b %Y}"
        return f"{what} is with {name}{by} since {since}: {self.claim.reason} ({self.claim.decided_by})"


@dataclass(frozen=True, slots=True)
class Owners:
    """The decisions in force at one moment; what they mean for an account, an item or a stock figure is pure."""

    claims: Mapping[Key, Claim] = field(default_factory=dict)

    def of_account(self, code: str, company: str = "") -> Owner:
        """The account's own decision, else that of its company."""
        return self._first((OwnedKind.ACCOUNT, code), (OwnedKind.COMPANY, company))

    def of_item(self, sku: str) -> Owner:
        """The item's own decision."""
        return self._first((OwnedKind.ITEM, sku))

    def of_stock(self, sku: str, warehouse: str) -> Owner:
        """The decision about the item, else about the warehouse."""
        return self._first((OwnedKind.ITEM, sku), (OwnedKind.WAREHOUSE, warehouse))

    def of_price(self, sku: str, account: str, company: str = "") -> Owner:
        """A contract goes with its account where that was moved, any other price with its item."""
        contract = self.of_account(account, company) if account else Owner(connection=DEFAULT)
        return contract if contract.connection != DEFAULT else self.of_item(sku)

    def _first(self, *keys: Key) -> Owner:
        claim = next((self.claims[key] for key in keys if key in self.claims), None)
        return Owner(connection=claim.connection if claim else DEFAULT, claim=claim)


def owners(
    *,
    accounts: Collection[str] = (),
    companies: Collection[str] = (),
    warehouses: Collection[str] = (),
    items: Collection[str] = (),
    at: dt.datetime | None = None,
) -> Owners:
    """Whom these are with at a moment, now by the database's clock unless told; one query however many they are."""
    keys = [
        *((OwnedKind.ACCOUNT.value, key) for key in accounts),
        *((OwnedKind.COMPANY.value, key) for key in companies if key),
        *((OwnedKind.WAREHOUSE.value, key) for key in warehouses),
        *((OwnedKind.ITEM.value, key) for key in items),
    ]
    with database.cursor() as cursor:
        cursor.execute(_CLAIMS, [[kind for kind, _ in keys], [key for _, key in keys], at])
        found = [
            Claim(kind=kind, key=key, connection=name, from_at=since, reason=reason, decided_by=by)
            for kind, key, name, since, reason, by in cursor.fetchall()
        ]
    return Owners({(claim.kind, claim.key): claim for claim in found})


def anything_moved() -> bool:
    """Whether anything was ever moved; as long as nothing was, all is with the house's own ERP."""
    return ErpAssignment.objects.exists()


def hold_ownership(*, to_change: bool = False) -> None:
    """Until commit nobody moves anything while figures are taken in; the mover holds it alone."""
    call = "pg_advisory_xact_lock" if to_change else "pg_advisory_xact_lock_shared"
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {call}(%s)", [_LOCK])


def beside() -> list[str]:
    """The connections whose feeds are read beside those of the house's own ERP, by name."""
    rows = ErpConnection.objects.filter(side_by_side=True, active=True).exclude(name=DEFAULT)
    return list(rows.order_by("name").values_list("name", flat=True))


def titles() -> dict[str, str]:
    """What people call each connection; its name where nobody gave it a title, but for the house's own."""
    told = {name: name for name in settings.ERP_ADAPTERS} | {DEFAULT: "House ERP"}
    return told | {row.name: row.title or told.get(row.name, row.name) for row in ErpConnection.objects.all()}
