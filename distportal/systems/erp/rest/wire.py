"""The contract's JSON in the port's types. What breaks the contract is told with the place."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from distportal.canonical.base import from_json, to_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.port import Change, FeedKind, OrderDraft, OrderState
from distportal.systems.errors import Misconfigured

BROKEN = (KeyError, ValueError, TypeError, ArithmeticError, AttributeError)
_WHOLE: dict[str, type] = {"order": OrderState, "shipment": Shipment, "invoice": Invoice}


def draft_json(draft: OrderDraft) -> dict[str, Any]:
    """The body of a PUT: the whole draft but its key, which is in the path."""
    body: dict[str, Any] = to_json(draft)
    del body["order_key"]
    return body


def state(data: dict[str, Any]) -> OrderState:
    """An order as the ERP holds it. Raises one of BROKEN."""
    read = from_json(OrderState, data)
    _aware(read.as_of)
    return read


def change(kind: FeedKind, data: dict[str, Any]) -> Change:
    """One fact of a feed or snapshot. Raises one of BROKEN."""
    payload, deleted = dict(data["payload"]), bool(data.get("deleted", False))
    if kind in _WHOLE and not deleted:
        payload = to_json(from_json(_WHOLE[kind], payload))
    return Change(
        kind=kind,
        erp_id=_text(data["erp_id"]),
        version=_text(data["version"]),
        occurred_at=_aware(dt.datetime.fromisoformat(data["occurred_at"])),
        payload=payload,
        deleted=deleted,
    )


def broken(place: str, error: Exception) -> Misconfigured:
    """A reply that is well-formed but not what the contract says; asking again would not help."""
    return Misconfigured("erp.contract_broken", f"the ERP's answer at {place} is not as agreed: {error!r}")


def known_feed(kind: str, offered: tuple[FeedKind, ...]) -> None:
    """Raises Misconfigured `erp.not_offered` for a feed that this connection does not have."""
    if kind not in offered or kind not in get_args(FeedKind):
        raise Misconfigured("erp.not_offered", f"this ERP connection offers no {kind} feed")


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment.isoformat()} has no offset")
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} should be a text")
    return value
