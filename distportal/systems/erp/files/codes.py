"""Tables of codes between the portal and an ERP's files: one that is empty changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.systems.erp.spoken import our_code, their_code, unmapped


class UnmappedCode(ValueError):
    """A code of the ERP's that nobody mapped; `kind` and `code` as the mapping tables call them."""

    def __init__(self, kind: str, code: str, table: str) -> None:
        super().__init__(f"{kind} {code!r} is not mapped: map it under Code mappings, or add it to {table}")
        self.kind, self.code = kind, code


def unmapped_in(error: BaseException) -> tuple[str, str] | None:
    """The kind and the code that an error is about, also where another one was raised from it; None for all others."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, UnmappedCode):
            return seen.kind, seen.code
        seen = seen.__cause__
    return None


class Codes:
    """Ours to theirs and back, by the table's name: units, warehouses, customers, ship_tos, items.

    The mapping tables in force come first; `tables` are those of the connection's settings.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._out = {name: dict(table) for name, table in tables.items()}
        self._back = {name: {theirs: ours for ours, theirs in table.items()} for name, table in tables.items()}

    def filled(self, table: str) -> bool:
        """Whether the table has anything in it."""
        return bool(self._out.get(table))

    def theirs(self, table: str, code: str) -> str:
        """The ERP's code. Raises Misconfigured `erp.unmapped_…` for one that a filled table does not have."""
        known, kind = self._out.get(table), table.removesuffix("s")
        if told := their_code(kind, code):
            return told
        if not known or not code:
            return code
        if code not in known:
            raise unmapped(kind, code)
        return known[code]

    def ours(self, table: str, code: str) -> str:
        """Our code; leading zeros of a number make no difference. ValueError: a filled table does not have it."""
        known, kind = self._back.get(table), table.removesuffix("s")
        if told := our_code(kind, code) or our_code(kind, _unpadded(code)):
            return told
        if not known or not code:
            return code
        if code not in known:
            code = next((theirs for theirs in known if _unpadded(theirs) == _unpadded(code)), code)
        if code not in known:
            raise UnmappedCode(kind, code, table)
        return known[code]


def _unpadded(code: str) -> str:
    return code.lstrip("0") if code.isdigit() else code
