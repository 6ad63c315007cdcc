"""SAP's codes beside ours. Raises Misconfigured for a code that nobody mapped."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.systems.erp.port import Stage
from distportal.systems.erp.sap_odata.http import PARTNERS, PRODUCTS, Entity, SapHttp
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import text
from distportal.systems.erp.spoken import our_code, their_code, unmapped
from distportal.systems.errors import Unmapped

CHUNK = 20  # conditions in one filter: a longer one would not fit a request line


class Codes:
    """The tables of one connection, and whether SAP knows a customer or material at all."""

    def __init__(self, http: SapHttp, settings: SapSettings) -> None:
        self._http = http
        self._settings = settings
        self._accounts = _back(settings.customers)
        self._places = _back(settings.ship_tos)
        self._units = _back(settings.units)
        self._plants = _back(settings.plants)

    def customer(self, account: str) -> str:
        """The customer number of an account that SAP has."""
        code = their_code("customer", account) or self._settings.customers.get(account, account)
        if not self._http.collection(f"{PARTNERS}/A_BusinessPartner", {"$filter": f"Customer eq {text(code)}"}):
            raise unmapped("customer", account, "SAP")
        return code

    def ship_to(self, account: str, place: str) -> str:
        """The customer number of a ship-to; one without a number of its own is the account's."""
        if told := their_code("ship_to", place):
            return told
        if place in self._settings.ship_tos:
            return self._settings.ship_tos[place]
        if place == account:
            return their_code("customer", account) or self._settings.customers.get(account, account)
        raise unmapped("ship_to", place, "SAP")

    def check_materials(self, skus: list[str]) -> None:
        """Raises Misconfigured naming all materials that SAP has not."""
        wanted, found = sorted(set(skus)), set()
        for at in range(0, len(wanted), CHUNK):
            some = " or ".join(f"Product eq {text(sku)}" for sku in wanted[at : at + CHUNK])
            rows = self._http.collection(f"{PRODUCTS}/A_Product", {"$filter": some, "$select": "Product"})
            found |= {str(row["Product"]) for row in rows}
        if missing := [sku for sku in wanted if sku not in found]:
            raise Unmapped("item", missing, f"SAP has no material for {', '.join(missing)}")

    def their_unit(self, unit: str) -> str:
        """SAP's unit of an X12 element 355 code."""
        return their_code("unit", unit) or _mapped(self._settings.units, unit, "unit")

    def our_unit(self, unit: str) -> str:
        """The X12 element 355 code of SAP's unit."""
        return our_code("unit", unit) or _mapped(self._units, unit, "unit", side="theirs")

    def their_plant(self, warehouse: str) -> str:
        """The plant; empty is the connection's default, and where there is none SAP determines it."""
        if not warehouse:
            return self._settings.default_plant
        return their_code("warehouse", warehouse) or _mapped(self._settings.plants, warehouse, "warehouse")

    def our_warehouse(self, plant: str | None) -> str:
        """Our warehouse; empty while SAP has not chosen."""
        if not plant:
            return ""
        return our_code("warehouse", plant) or _mapped(self._plants, plant, "warehouse", side="theirs")

    def our_account(self, customer: str) -> str:
        """The account of a customer number."""
        return our_code("customer", customer) or self._accounts.get(customer, customer)

    def our_place(self, customer: str) -> str:
        """The ship-to of a customer number."""
        return our_code("ship_to", customer) or self._places.get(customer) or self.our_account(customer)


def our_stage(order: Entity) -> Stage:
    """The port's stage: a saved order binds SAP; its statuses are A open, B partly, C wholly done."""
    items = order["to_Item"]["results"]
    if items and all(item.get("SalesDocumentRjcnReason") for item in items):
        return "cancelled"
    if order["OverallSDProcessStatus"] == "C":
        return "closed"
    return "in_fulfilment" if order["OverallDeliveryStatus"] in ("B", "C") else "accepted"


def _mapped(table: Mapping[str, str], code: str, what: str, *, side: str = "ours") -> str:
    if code not in table:
        raise unmapped(what, code, "SAP", side=side)
    return table[code]


def _back(table: Mapping[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, theirs in table.items()}
