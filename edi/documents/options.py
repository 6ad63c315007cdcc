"""What may be agreed with a partner about orders and their answers; the defaults hold where nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOptions:
    """One partner's habits.

    `ctt`: a wrong CTT is a note or refuses the order. `sdq`: stores of an SDQ are ship-tos with an order each, or marks
    on the goods of one order. `sdq_sum`: an SDQ that does not add up to its line refuses the order, or its sum holds;
    `sch_sum` is the same for a schedule (SCH). `duplicate_key`: two orders are the same by PO number, or by PO number
    and ship-to. `ack_detail`: an 855 or 865 lists all lines, those that differ, or none where all is as ordered.
    `tell_held`: a held order is told at once. `tell_moved`: new days are told when a promised receipt moves,
    by `moved_set`: the 855 again, or an 865 of the lines that moved. `tell_held_change`: a change that waits for a
    person is told at once (AH), by its lines (IH) or by the header alone, or only when it is decided. `reject_codes`:
    rejected lines say why (R1 to R4), not only IR. `exact_codes`: lines of an 855 or 865 say BP (a part comes, the
    rest is backordered) and SP (accepted, no day known yet), those of an 855 IE and IF (held for its price, for its
    item), where the common codes are IA and IH.
    """

    ctt: Literal["note", "reject"] = "note"
    sdq: Literal["ship_to", "mark_for"] = "ship_to"
    sdq_sum: Literal["note", "reject"] = "reject"
    sch_sum: Literal["note", "reject"] = "reject"
    duplicate_key: Literal["po", "po_ship_to"] = "po"
    ack_detail: Literal["all", "exceptions", "none"] = "all"
    tell_held: bool = False
    tell_moved: bool = False
    moved_set: Literal["855", "865"] = "855"
    tell_held_change: Literal["no", "lines", "header"] = "no"
    reject_codes: bool = False
    exact_codes: bool = False

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> OrderOptions:
        """The options as stored with an agreement; keys of other documents are left aside."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in mapping.items() if name in known})
