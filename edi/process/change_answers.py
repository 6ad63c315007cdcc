"""What an 865 says of a change: each line as it stands now and what became of its change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from distportal.canonical.base import from_json
from distportal.canonical.orders import OrderChange, OrderLineChange
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.documents.ack_header import Verdict, code_of, lines_under
from edi.documents.ack_lines import AckStatus, summed
from edi.documents.options import OrderOptions
from edi.documents.poa865 import PURPOSE_CODES, ChangeAckLine, ChangeAcknowledgment
from edi.process.line_answers import accepted_code
from edi.process.order_echo import echo_of, items_of_line
from edi.queries.changes import lines_by_number

if TYPE_CHECKING:
    from orders.models import ChangeRequest, OrderLine


def change_acknowledgment(changes: Sequence[ChangeRequest], *, options: OrderOptions) -> ChangeAcknowledgment:
    """The answer to one document: its changes are one per order of the PO."""
    lines = _added_up(line for change in changes for line in _lines(change, exact=options.exact_codes))
    code = code_of(_verdict(changes), options.ack_detail)
    refused = next((change.reason for change in changes if change.status == "refused"), "")
    ack_type = code if lines or code != "RD" else "RJ"
    return _acknowledgment(changes, ack_type=ack_type, lines=lines_under(code, lines), reason=refused)


def hold_acknowledgment(changes: Sequence[ChangeRequest], *, lines: bool) -> ChangeAcknowledgment:
    """The answer that says on hold (AH) of changes that wait for a person; with `lines` each asked line is IH."""
    told = _added_up(line for change in changes for line in _held_lines(change)) if lines else ()
    return _acknowledgment(changes, ack_type=code_of("held"), lines=told, reason=changes[0].reason)


def _acknowledgment(
    changes: Sequence[ChangeRequest], *, ack_type: str, lines: tuple[ChangeAckLine, ...], reason: str
) -> ChangeAcknowledgment:
    first, order = changes[0], changes[0].order
    asked, echo = from_json(OrderChange, first.canonical), echo_of(order, [])
    return ChangeAcknowledgment(
        purpose=PURPOSE_CODES[first.purpose],
        ack_type=ack_type,
        po_number=order.po_number,
        ordered_on=asked.ordered_on or order.ordered_on,
        acknowledged_on=site_day(database_now()),
        changed_on=asked.changed_on,
        lines=lines,
        sequence=first.sequence,
        order_number=str(order),
        currency=order.currency,
        references=echo.facts.references,
        vendor_code=echo.vendor_code,
        ship_to_code=echo.ship_to_code if len(changes) == 1 else "",
        reason=reason,
    )


def _added_up(lines: Iterable[ChangeAckLine]) -> tuple[ChangeAckLine, ...]:
    """One line per number and code of the buyer's: the orders of a PO hold parts of one line."""
    found: dict[tuple[str, str], ChangeAckLine] = {}
    for line in lines:
        known = found.get((line.line_no, line.code))
        found[line.line_no, line.code] = line if known is None else _sum(known, line)
    return tuple(found.values())


def _verdict(changes: Sequence[ChangeRequest]) -> Verdict:
    told = {bool(a["accepted"]) for change in changes for a in change.answers}
    told |= {False for change in changes if change.status == "refused"}
    if told == {True} and not any(a.get("asked") for change in changes for a in change.answers):
        return "accepted"
    return "mixed" if True in told else "rejected"


def _lines(change: ChangeRequest, *, exact: bool) -> Iterable[ChangeAckLine]:
    rows = lines_by_number(order_id=change.order_id)
    asked = {line.line_no: line for line in from_json(OrderChange, change.canonical).lines}
    for answer in change.answers:
        if answer["line_no"]:
            row = rows.get(answer["line_no"])
            wanted = asked.get(answer["line_no"])
            told = _line(answer, row, wanted, known_there=bool(change.order.erp_number), exact=exact)
            yield replace(told, line_no=wanted.buyer_line) if wanted and wanted.buyer_line else told


def _line(
    answer: Mapping[str, Any], row: OrderLine | None, asked: OrderLineChange | None, *, known_there: bool, exact: bool
) -> ChangeAckLine:
    before, after = (Decimal(answer[name] or 0) for name in ("before", "quantity"))
    unit = row.unit if row else (asked.unit if asked else "") or "EA"
    holds = after if answer["accepted"] else before
    wanted = asked.quantity if asked and asked.quantity is not None else holds
    return ChangeAckLine(
        line_no=answer["line_no"],
        code=answer["code"] or "CA",
        quantity=holds,
        left=max(holds - (row.shipped_quantity if row else Decimal(0)), Decimal(0)),
        unit=unit,
        unit_price=row.unit_price if row else asked.unit_price if asked else None,
        items=items_of_line(row) if row else asked.items if asked else (),
        statuses=_refusal(answer, wanted, unit)
        if not answer["accepted"]
        else _statuses(answer, row if known_there else None, unit, before, after, exact=exact),
    )


def _held_lines(change: ChangeRequest) -> Iterable[ChangeAckLine]:
    """What stands of each asked line, and IH for what is wanted of it."""
    rows = lines_by_number(order_id=change.order_id)
    for asked in from_json(OrderChange, change.canonical).lines:
        row = rows.get(asked.line_no)
        stands = row.quantity if row else Decimal(0)
        unit = asked.unit or (row.unit if row else "EA")
        wanted = asked.quantity if asked.quantity is not None else stands
        yield ChangeAckLine(
            line_no=asked.buyer_line or asked.line_no,
            code=asked.code or "CA",
            quantity=stands,
            left=max(stands - (row.shipped_quantity if row else Decimal(0)), Decimal(0)),
            unit=unit,
            unit_price=row.unit_price if row else asked.unit_price,
            items=items_of_line(row) if row else asked.items,
            statuses=(AckStatus("IH", wanted, unit),),
        )


def _refusal(answer: Mapping[str, Any], wanted: Decimal, unit: str) -> tuple[AckStatus, ...]:
    return (AckStatus("IR", wanted, unit, reason=str(answer["reason"])),)


def _statuses(
    answer: Mapping[str, Any], row: OrderLine | None, unit: str, before: Decimal, after: Decimal, *, exact: bool
) -> tuple[AckStatus, ...]:
    """What was asked for, as far as the ERP confirms it; `row` is None while it has not. IQ where the policy took
    another quantity, and ID what it took less; with `exact`, BP and SP as in an 855.
    """
    reason = str(answer["reason"])
    if after < before and answer["code"] in ("DI", "CF"):
        parts = [AckStatus("ID", before - after, unit, reason=reason)]
        return (*parts, AckStatus("IA", after, unit)) if after else tuple(parts)
    now = after if row is None or row.status != "backordered" else min(row.confirmed_quantity, after)
    due, wanted = row.promised_on if row else None, Decimal(answer.get("asked") or after)
    code, part = "IA" if wanted == after else "IQ", after > now
    if exact and code == "IA" and after:
        code = accepted_code(comes_later=part, dated=due is not None)
    found = [AckStatus(code, now, unit, "068", None if part else due, reason)] if now or not after else []
    if part:
        found.append(AckStatus("IB", after - now, unit, "068", due, row.promise_reason if row else ""))
    if wanted > after:
        found.append(AckStatus("ID", wanted - after, unit, reason=reason))
    return tuple(found)


def _sum(one: ChangeAckLine, other: ChangeAckLine) -> ChangeAckLine:
    statuses = summed((*one.statuses, *other.statuses))
    return replace(one, quantity=one.quantity + other.quantity, left=one.left + other.left, statuses=statuses)
