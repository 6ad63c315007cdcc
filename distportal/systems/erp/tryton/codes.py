"""Tryton's codes beside ours. Raises Misconfigured for a code that nobody mapped."""

from __future__ import annotations

from distportal.systems.erp.spoken import our_code, their_code, unmapped
from distportal.systems.erp.tryton.http import Record
from distportal.systems.erp.tryton.settings import TrytonSettings

TRYTON = "Tryton"


class Codes:
    """The tables of one connection."""

    def __init__(self, settings: TrytonSettings) -> None:
        self._settings = settings
        self._warehouses_back = {theirs: ours for ours, theirs in settings.warehouses.items()}
        self._accounts = {theirs: ours for ours, theirs in settings.customers.items()}

    def their_warehouse(self, code: str) -> str:
        """The location code; empty is the connection's default."""
        ours = code or self._settings.default_warehouse
        if told := their_code("warehouse", ours) or self._settings.warehouses.get(ours):
            return told
        raise unmapped("warehouse", ours, TRYTON)

    def our_warehouse(self, code: str | None) -> str:
        """Our code of a location code."""
        if told := our_code("warehouse", code or "") or self._warehouses_back.get(code or ""):
            return told
        raise unmapped("warehouse", code or "", TRYTON, side="theirs")

    def mapped_warehouses(self) -> frozenset[str]:
        """The location codes that the portal sells from."""
        return frozenset(self._warehouses_back)

    def our_unit(self, name: str) -> str:
        """The X12 element 355 code of a unit's name."""
        if told := our_code("unit", name) or self._settings.units.get(name):
            return told
        raise unmapped("unit", name, TRYTON, side="theirs")

    def means(self, name: str, unit: str) -> bool:
        """Whether a unit's name means our code."""
        return (our_code("unit", name) or self._settings.units.get(name)) == unit

    def their_customer(self, account: str) -> str:
        """The party code of an account."""
        return their_code("customer", account) or self._settings.customers.get(account, account)

    def our_account(self, party_code: str) -> str:
        """The account of a party code."""
        return our_code("customer", party_code) or self._accounts.get(party_code, party_code)

    def our_ship_to(self, address: Record) -> str:
        """Our code of an address, or the name written on it."""
        if told := our_code("ship_to", str(address["id"])):
            return told
        for ours, address_id in self._settings.ship_tos.items():
            if address_id == address["id"]:
                return ours
        return str(address.get("party_name") or "")
