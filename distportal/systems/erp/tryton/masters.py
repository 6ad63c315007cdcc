"""What an order points at in Tryton: company, customer, address, items, units and warehouses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from distportal.systems.erp.spoken import their_code, unmapped
from distportal.systems.erp.tryton.codes import TRYTON, Codes
from distportal.systems.erp.tryton.http import CHUNK, Record, TrytonHttp
from distportal.systems.erp.tryton.settings import TrytonSettings
from distportal.systems.errors import Misconfigured, Unmapped

_PARTY = (
    "code", "name", "active", "sale_price_list", "customer_payment_term", "customer_tax_rule",
    "addresses.party_name", "addresses.invoice", "addresses.delivery",
)  # fmt: skip
_PRODUCT = (
    "code", "default_uom.name", "default_uom.factor", "sale_uom.name", "sale_uom.factor",
    "account_category.customer_taxes", "account_category.taxes_parent", "account_category.parent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """Whose books the connection writes to."""

    id: int
    currency: int
    currency_code: str


class Masters:
    """Look-ups; the company and the warehouses are read once, the rest every time it is needed."""

    def __init__(self, http: TrytonHttp, settings: TrytonSettings, codes: Codes) -> None:
        self._http = http
        self._settings = settings
        self._codes = codes

    @cached_property
    def company(self) -> Company:
        """The company. Raises Misconfigured where the key's user sees none or several and none is named."""
        domain = [["party.name", "=", self._settings.company]] if self._settings.company else []
        found = self._http.search("company.company", domain, ["currency.code"])
        if len(found) != 1:
            message = f"the key's user sees {len(found)} such companies: name one in the connection's settings"
            raise Misconfigured("erp.unmapped_company", message)
        return Company(found[0]["id"], found[0]["currency"]["id"], found[0]["currency"]["code"])

    @property
    def context(self) -> Record:
        """What every call has to say."""
        return {"company": self.company.id}

    @cached_property
    def warehouses(self) -> dict[str, int]:
        """Location ids by location code, of the mapped warehouses only. Raises Misconfigured where one is missing."""
        wanted = sorted(self._codes.mapped_warehouses())
        found = self._http.search("stock.location", [["type", "=", "warehouse"], ["code", "in", wanted]], ["code"])
        ids = {str(row["code"]): int(row["id"]) for row in found}
        for code in wanted:
            if code not in ids:
                raise unmapped("warehouse", code, TRYTON)
        return ids

    def customer(self, account: str) -> Record:
        """The party of an account, with its addresses."""
        code = self._codes.their_customer(account)
        found = self._http.search("party.party", [["code", "=", code]], _PARTY, context=self.context)
        if len(found) != 1:
            raise unmapped("customer", account, TRYTON)
        return found[0]

    def ship_to(self, party: Record, code: str) -> int:
        """The address id of a ship-to of the party; without one it is where the invoice goes."""
        if not code:
            return self.bill_to(party)
        wanted = their_code("ship_to", code) or self._settings.ship_tos.get(code)
        for address in party["addresses"]:
            if str(address["id"]) == str(wanted) or (wanted is None and address["party_name"] == code):
                return int(address["id"])
        raise unmapped("ship_to", code, TRYTON)

    def bill_to(self, party: Record) -> int:
        """The party's invoice address, or its first one."""
        addresses = sorted(party["addresses"], key=lambda a: (not a["invoice"], a["id"]))
        if not addresses:
            raise Misconfigured("erp.unmapped_bill_to", f"the party {party['code']} has no address in Tryton")
        return int(addresses[0]["id"])

    def products(self, skus: Sequence[str]) -> dict[str, Record]:
        """Items by SKU. Raises Misconfigured naming all that Tryton has not."""
        wanted, found = sorted(set(skus)), {}
        for at in range(0, len(wanted), CHUNK):
            domain = [["code", "in", wanted[at : at + CHUNK]]]
            for row in self._http.search("product.product", domain, _PRODUCT, context=self.context):
                found[str(row["code"])] = row
        if missing := [sku for sku in wanted if sku not in found]:
            raise Unmapped("item", missing, f"Tryton has no item for {', '.join(missing)}")
        return found

    def unit(self, product: Record, unit: str) -> int:
        """The id of the item's base or sales unit that our code means."""
        for uom in (product["default_uom"], product["sale_uom"]):
            if self._codes.means(uom["name"], unit):
                return int(uom["id"])
        raise unmapped("unit", unit, TRYTON)
