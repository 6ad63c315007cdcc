"""What every reader of IDocs needs: codes, the order behind a number, and the line behind a position."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.systems.erp.files.codes import Codes
from distportal.systems.erp.files.facts import Sent
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Segment
from distportal.systems.erp.idoc_file.profile import Profile
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.erp.spoken import our_code

LB_PER = {"LBR": Decimal(1), "LB": Decimal(1), "KGM": Decimal("2.20462262"), "KG": Decimal("2.20462262")}


@dataclass(frozen=True, slots=True)
class Reading:
    """The partner's profile, the code tables, what we sent, and when the file arrived."""

    profile: Profile
    codes: Codes
    sent: Sent
    arrived_at: dt.datetime

    def unit(self, code: str) -> str:
        """Our unit. Raises BadIdoc for one that nobody mapped."""
        return self._ours("units", code)

    def warehouse(self, code: str) -> str:
        """Our warehouse."""
        return self._ours("warehouses", code)

    def customer(self, code: str) -> str:
        """Our account, with or without the leading zeros of its number."""
        return self._ours("customers", code)

    def sku(self, material: str) -> str:
        """Our SKU of a material number, with or without its leading zeros."""
        return self._ours("items", material)

    def line(self, draft: OrderDraft, position: str, material: str, place: str) -> DraftLine:
        """The line of an order by the position we gave it, else by its only line of that material. Raises BadIdoc.

        A position of another material is SAP's own item number, not ours, and counts for nothing.
        """
        same = [line for line in draft.lines if not material or _plain(line.sku) == _plain(self.sku(material))]
        found = [line for line in same if position.isdigit() and int(position) == int(line.line_key)]
        if not found and material:
            found = same
        if len(found) != 1:
            raise BadIdoc(
                f"{place}: {draft.order_key} has no one line for position {position!r}, material {material!r}"
            )
        return found[0]

    def order(self, order_key: str, number: str, place: str) -> OrderDraft:
        """The order we sent, by our key, else by SAP's number of it in either place. Raises BadIdoc."""
        draft = self.sent.draft(order_key) if order_key else None
        for text in (number, order_key):
            if draft is None and text:
                draft = self.sent.draft(self.sent.key_of(text.lstrip("0")))
        if draft is None:
            raise BadIdoc(
                f"{place}: we sent no order {order_key or '(none named)'}, SAP order {number or '(none named)'}"
            )
        return draft

    def _ours(self, table: str, code: str) -> str:
        if not self.codes.filled(table):
            kind, plain = table.removesuffix("s"), _plain(code)
            return our_code(kind, code) or our_code(kind, plain) or plain
        try:
            return self.codes.ours(table, code)
        except ValueError as error:
            raise BadIdoc(str(error)) from error


def qualified(segment: Segment, name: str, qualifier: str, field: str) -> str:
    """The field of the segment of a name with this QUALF; blank where there is none."""
    found = segment.of(name, "QUALF", qualifier)
    return found.get(field) if found else ""


def per_unit(price: Decimal | None, per: Decimal | None) -> Decimal | None:
    """A price for one unit, where SAP states it for so many."""
    return None if price is None else price / (per or Decimal(1))


def _plain(code: str) -> str:
    return code.lstrip("0") if code.isdigit() else code
