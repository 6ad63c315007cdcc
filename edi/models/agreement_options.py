"""What else may be agreed for a set: kept as JSON, read through one frozen class with a default for everything."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

ASN_STRUCTURES = ("0001", "0002", "0003", "0004", "0005")
"""BSN05 (X12 element 1005)."""
MOST_WAIT = 2880
"""Minutes that a shipment may wait for others of its load: two days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOptions:
    """`item_qualifiers` (X12 element 235) in the order in which the partner wants item numbers; `price_tolerance` in
    per cent of our price (None: everybody's); `leniencies` by the names of the X12 engine (None: all of them);
    `neighbours` also takes releases beside ours, such as 004030 judged as 004010; `all_sets` also names accepted sets
    in our acknowledgment. `asn_scope`: a ship notice tells one shipment of one order (`order`), or all orders on a load
    (`load`), for which its first shipment waits `asn_wait_minutes`. About orders and their answers, in the agreement of
    the 850 that comes in: `sdq`, `sdq_sum`, `sch_sum`, `duplicate_key`, `ack_detail`, `tell_held`, `tell_moved`,
    `moved_set`, `tell_held_change`, `reject_codes` and `exact_codes`, as `edi.documents.options` tells.
    """

    item_qualifiers: tuple[str, ...] = ()
    price_tolerance: Decimal | None = None
    asn_structure: str = "0001"
    asn_scope: str = "order"
    asn_wait_minutes: int = 30
    leniencies: tuple[str, ...] | None = None
    neighbours: bool = False
    all_sets: bool = True
    sdq: str = "ship_to"
    sdq_sum: str = "reject"
    sch_sum: str = "reject"
    duplicate_key: str = "po"
    ack_detail: str = "all"
    tell_held: bool = False
    tell_moved: bool = False
    moved_set: str = "855"
    tell_held_change: str = "no"
    reject_codes: bool = False
    exact_codes: bool = False


NAMES = tuple(field.name for field in dataclasses.fields(AgreementOptions))


def read_options(data: Mapping[str, Any]) -> AgreementOptions:
    """The options as agreed. Raises ValueError with a sentence that names the bad one."""
    unknown = sorted(set(data) - set(NAMES))
    if unknown:
        raise ValueError(f"There is no option {unknown[0]!r}; there are {', '.join(NAMES)}.")
    read: dict[str, Any] = {name: _READERS[name](name, value) for name, value in data.items()}
    return AgreementOptions(**read)


def _codes(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"{name} must be a list of texts, such as [{_EXAMPLES[name]}].")
    if len(set(value)) != len(value):
        raise ValueError(f"{name} names something twice.")
    return tuple(value)


def _qualifiers(name: str, value: Any) -> tuple[str, ...]:
    found = _codes(name, value)
    wrong = next((one for one in found if len(one) != 2 or not one.isalnum() or one != one.upper()), "")
    if wrong:
        raise ValueError(f"{name}: {wrong!r} is not a qualifier of two capitals or digits, such as UP.")
    return found


def _percent(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name}: {value!r} is not a number of per cent.") from error
    if not number.is_finite() or not 0 <= number <= 100 or isinstance(value, bool):
        raise ValueError(f"{name}: {value!r} is not between 0 and 100 per cent.")
    return number


def _structure(name: str, value: Any) -> str:
    if value not in ASN_STRUCTURES:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(ASN_STRUCTURES)}.")
    return str(value)


def _minutes(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_WAIT:
        raise ValueError(f"{name}: {value!r} is not a whole number of minutes up to {MOST_WAIT}.")
    return value


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}.")
    return value


_WORDS = {
    "moved_set": ("855", "865"),
    "sdq": ("ship_to", "mark_for"),
    "sdq_sum": ("note", "reject"),
    "sch_sum": ("note", "reject"),
    "duplicate_key": ("po", "po_ship_to"),
    "ack_detail": ("all", "exceptions", "none"),
    "tell_held_change": ("no", "lines", "header"),
    "asn_scope": ("order", "load"),
}


def _word(name: str, value: Any) -> str:
    if value not in _WORDS[name]:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(_WORDS[name])}.")
    return str(value)


_EXAMPLES = {"item_qualifiers": '"UP", "VN"', "leniencies": '"byte_order_mark"'}
_READERS = {
    "item_qualifiers": _qualifiers,
    "price_tolerance": _percent,
    "asn_structure": _structure,
    "asn_wait_minutes": _minutes,
    "leniencies": _codes,
    "neighbours": _switch,
    "all_sets": _switch,
    "tell_held": _switch,
    "tell_moved": _switch,
    "reject_codes": _switch,
    "exact_codes": _switch,
    **dict.fromkeys(_WORDS, _word),
}
