"""The change feeds of SAP: orders, deliveries, billing documents and customers, by the time they were last changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distportal.canonical.base import plain, to_json
from distportal.systems.erp.keyset import read_cursor, version, write_cursor
from distportal.systems.erp.port import Change, FeedKind, Page
from distportal.systems.erp.sap_odata.codes import Codes
from distportal.systems.erp.sap_odata.facts import Facts, Made
from distportal.systems.erp.sap_odata.http import BILLING, DELIVERIES, ORDERS, PARTNERS, Entity, SapHttp
from distportal.systems.erp.sap_odata.orders import EXPAND, Orders
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import moment, text, time_literal
from distportal.systems.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An entity set, its key, which of its rows count, and what is read along with a row."""

    path: str
    key: str
    condition: str
    expand: str = ""


SOURCES: dict[FeedKind, Source] = {
    "order": Source(
        path=f"{ORDERS}/A_SalesOrder", key="SalesOrder", condition="PurchaseOrderByCustomer ne ''", expand=EXPAND
    ),
    "shipment": Source(
        path=f"{DELIVERIES}/A_OutbDeliveryHeader",
        key="DeliveryDocument",
        condition="OverallGoodsMovementStatus eq 'C'",
        expand="to_DeliveryDocumentItem",
    ),
    "invoice": Source(
        path=f"{BILLING}/A_BillingDocument",
        key="BillingDocument",
        condition="AccountingPostingStatus eq 'C'",
        expand="to_Item",
    ),
    "customer": Source(path=f"{PARTNERS}/A_BusinessPartner", key="BusinessPartner", condition="Customer ne ''"),
}
OFFERED = frozenset(SOURCES)


class Feeds:
    """Pages of changes; customers also whole."""

    def __init__(self, http: SapHttp, orders: Orders, facts: Facts, codes: Codes, settings: SapSettings) -> None:
        self._http = http
        self._orders = orders
        self._facts = facts
        self._codes = codes
        self._settings = settings

    def page(self, kind: FeedKind, cursor: str | None, limit: int, overlap: dt.timedelta) -> Page:
        """The next page. Raises Misconfigured `erp.not_offered` for a kind that these services do not have."""
        if kind not in SOURCES:
            message = f"SAP's OData services give no {kind} feed here: load it by IDoc or file"
            raise Misconfigured("erp.not_offered", message)
        source, place = SOURCES[kind], read_cursor(cursor, 1, "")
        rows = self._past(source, *place.since(0, overlap, ""), limit)
        head = (self._stamp(rows[-1]), str(rows[-1][source.key])) if rows else place.marks[0]
        more = len(rows) >= limit
        next_cursor = write_cursor(place.moved([head], more=more))
        return Page(changes=tuple(self._changes(kind, rows)), next_cursor=next_cursor, more=more)

    def customers(self, account: str, size: int) -> Iterator[Sequence[Change]]:
        """All customers, or the one of an account, page by page."""
        source, last = SOURCES["customer"], ""
        condition = source.condition
        if account:
            condition += f" and Customer eq {text(self._codes.customer(account))}"
        while True:
            past = f"{condition} and {source.key} gt {text(last)}"
            options = {"$filter": past, "$orderby": source.key, "$top": str(size)}
            rows = self._http.collection(source.path, options)
            if rows:
                yield [self._customer(row) for row in rows]
            if len(rows) < size:
                return
            last = str(rows[-1][source.key])

    def _past(self, source: Source, at: dt.datetime, key: str, limit: int) -> list[Entity]:
        field = self._settings.change_field
        told = time_literal(at, self._settings.change_literal)
        past = f"({field} gt {told} or ({field} eq {told} and {source.key} gt {text(key)}))"
        options = {
            "$filter": f"{source.condition} and {past}",
            "$orderby": f"{field},{source.key}",
            "$top": str(limit),
        }
        if source.expand:
            options["$expand"] = source.expand
        return self._http.collection(source.path, options)

    def _changes(self, kind: FeedKind, rows: Sequence[Entity]) -> list[Change]:
        match kind:
            case "order":
                ours = [r for r in rows if r["PurchaseOrderByCustomer"].startswith(self._settings.key_prefix)]
                made = [[(s.erp_id, dict(to_json(s)))] for s in self._orders.states(ours)]
                return self._dated(kind, ours, made)
            case "shipment":
                return self._dated(kind, rows, self._facts.shipments(rows))
            case "invoice":
                return self._dated(kind, rows, self._facts.invoices(rows))
            case _:
                return [self._customer(row) for row in rows]

    def _dated(self, kind: FeedKind, rows: Sequence[Entity], made: Sequence[Sequence[Made]]) -> list[Change]:
        return [
            Change(kind=kind, erp_id=erp_id, version=version(self._stamp(row)), occurred_at=self._stamp(row),
                   payload=payload)
            for row, facts in zip(rows, made, strict=True)
            for erp_id, payload in facts
        ]  # fmt: skip

    def _customer(self, row: Entity) -> Change:
        payload = {
            "account": self._codes.our_account(row["Customer"]),
            "erp_code": row["Customer"],
            "name": row["BusinessPartnerFullName"] or "",
            "status": "blocked" if row["BusinessPartnerIsBlocked"] else "active",
            "credit_limit": plain(self._settings.unlimited_credit),
            "credit_balance": "0",
        }
        stamp = self._stamp(row)
        return Change(
            kind="customer", erp_id=row["Customer"], version=version(stamp), occurred_at=stamp, payload=payload
        )

    def _stamp(self, row: Entity) -> dt.datetime:
        stamp = moment(row.get(self._settings.change_field))
        if stamp is None:
            message = f"SAP's records have no {self._settings.change_field}: set change_field of the connection"
            raise Misconfigured("erp.no_change_field", message)
        return stamp
