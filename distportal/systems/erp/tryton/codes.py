"""Tryton's codes beside ours. Raises Misconfigured for a code that nobody mapped."""

from __future__ import annotations

from distportal.systems.erp.tryton.http import Record
from distportal.systems.erp.tryton.settings import TrytonSettings
from distportal.systems.errors import Misconfigured


class Codes:
    """The tables of one connection."""

    def __init__(self, settings: TrytonSettings) -> None:
        self._settings = settings
        self._warehouses_back = {theirs: ours for ours, theirs in settings.warehouses.items()}
        self._accounts = {theirs: ours for ours, theirs in settings.customers.items()}

    def their_warehouse(self, code: str) -> str:
        """The location code; empty is the connection's default."""
        ours = code or self._settings.default_warehouse
        if ours not in self._settings.warehouses:
            raise unmapped("warehouse", ours)
        return self._settings.warehouses[ours]

    def our_warehouse(self, code: str | None) -> str:
        """Our code of a location code."""
        if code not in self._warehouses_back:
            raise unmapped("warehouse", code or "")
        return self._warehouses_back[code]

    def mapped_warehouses(self) -> frozenset[str]:
        """The location codes that the portal sells from."""
        return frozenset(self._warehouses_back)

    def our_unit(self, name: str) -> str:
        """The X12 element 355 code of a unit's name."""
        if name not in self._settings.units:
            raise unmapped("unit", name)
        return self._settings.units[name]

    def their_customer(self, account: str) -> str:
        """The party code of an account."""
        return self._settings.customers.get(account, account)

    def our_account(self, party_code: str) -> str:
        """The account of a party code."""
        return self._accounts.get(party_code, party_code)

    def our_ship_to(self, address: Record) -> str:
        """Our code of an address, or the name written on it."""
        for ours, address_id in self._settings.ship_tos.items():
            if address_id == address["id"]:
                return ours
        return str(address.get("party_name") or "")


def unmapped(what: str, code: str) -> Misconfigured:
    """The error of a code that has no partner on the other side."""
    message = f"{what} {code!r} is not mapped between the portal and Tryton: add it to the connection's settings"
    return Misconfigured(f"erp.unmapped_{what}", message)
