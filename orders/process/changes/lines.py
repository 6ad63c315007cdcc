"""One line of a change: what it makes of the order, or why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_noop

from distportal.canonical.orders import Order, OrderLine, OrderLineChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a live line is: what was ordered of it before the change and what has left, in its unit."""

    quantity: Decimal
    shipped: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What becomes of one line's change. `hold` says why a person has to look, `more` that the order asks for more,
    `before` and `quantity` what was ordered before and is now, `asked` what was wanted where the policy took another
    quantity.
    """

    line_no: str
    code: str
    accepted: bool
    reason: str = ""
    hold: str = ""
    more: bool = False
    before: Decimal | None = None
    quantity: Decimal | None = None
    asked: Decimal | None = None


def change_line(
    order: Order, wanted: OrderLineChange, standing: Mapping[str, Standing], refusal: str
) -> tuple[Order, LineAnswer]:
    """The order with one line changed, and the answer; refused, it is as before."""
    no, code, now = wanted.line_no, wanted.code, standing.get(wanted.line_no)
    line = next((ln for ln in order.lines if ln.line_no == no and no in standing), None)
    if refusal:
        return order, _refuse(no, code, refusal, line)
    if wanted.kind == "none":
        return order, _answer(no, code, line, line.quantity if line else None)
    if wanted.kind == "ask":
        return order, _answer(no, code, line, None, hold=f"Line {no}: {_ASKED.get(code, 'a person has to look')}")
    if wanted.kind == "add":
        return _add(order, wanted, line)
    if line is None or now is None:
        known = any(ln.line_no == no for ln in order.lines)
        return order, _refuse(no, code, (_CLOSED if known else _UNKNOWN) % {"line_no": no}, None)
    if wanted.kind == "delete" or wanted.quantity == 0:
        return cut_line(order, no, now, code)
    return _alter(order, wanted, line, now)


def cut_line(order: Order, line_no: str, now: Standing, code: str) -> tuple[Order, LineAnswer]:
    """The order without what has not left of a line."""
    if now.shipped >= now.quantity:
        return order, LineAnswer(
            line_no=line_no, code=code, accepted=False, before=now.quantity,
            reason=gettext_noop("Line %(line_no)s has left already") % {"line_no": line_no},
        )  # fmt: skip
    if not now.shipped:
        lines = tuple(ln for ln in order.lines if ln.line_no != line_no)
        said = LineAnswer(line_no=line_no, code=code, accepted=True, before=now.quantity, quantity=Decimal(0))
        return replace(order, lines=lines), said
    said = LineAnswer(
        line_no=line_no,
        code=code,
        accepted=True,
        reason=gettext_noop("%(left)s of line %(line_no)s had left already")
        % {"left": f"{now.shipped.normalize():f}", "line_no": line_no},
        before=now.quantity,
        quantity=now.shipped,
    )
    return _with_line(order, line_no, quantity=now.shipped), said


def _add(order: Order, wanted: OrderLineChange, line: OrderLine | None) -> tuple[Order, LineAnswer]:
    no, code = wanted.line_no, wanted.code
    if line is not None:
        return order, _answer(no, code, line, None, hold=f"Line {no} is to be added and is there already")
    if wanted.quantity is None or wanted.quantity <= 0 or not wanted.items:
        why = gettext_noop("Line %(line_no)s is to be added and names no item or quantity")
        return order, _refuse(no, code, why % {"line_no": no}, None)
    if any(ln.line_no == no for ln in order.lines):
        why = gettext_noop("Line %(line_no)s was closed before; a new line needs a new number")
        return order, _refuse(no, code, why % {"line_no": no}, None)
    added = OrderLine(
        line_no=no,
        items=wanted.items,
        quantity=wanted.quantity,
        unit=wanted.unit or "EA",
        unit_price=wanted.unit_price,
        description=wanted.description,
        requested_on=wanted.requested_on,
        buyer_line=wanted.buyer_line,
    )
    return replace(order, lines=(*order.lines, added)), _answer(no, code, None, wanted.quantity, more=True)


def _alter(order: Order, wanted: OrderLineChange, line: OrderLine, now: Standing) -> tuple[Order, LineAnswer]:
    no, code = wanted.line_no, wanted.code
    quantity = line.quantity if wanted.quantity is None else wanted.quantity
    if quantity < now.shipped:
        told = {"left": f"{now.shipped.normalize():f}", "line_no": no, "quantity": f"{quantity.normalize():f}"}
        why = gettext_noop("%(left)s of line %(line_no)s have left, it cannot become %(quantity)s")
        return order, _refuse(no, code, why % told, line)
    other_item = _other_item(wanted, line)
    if other_item and now.shipped:
        why = gettext_noop("Line %(line_no)s has left in part, its item cannot be replaced")
        return order, _refuse(no, code, why % {"line_no": no}, line)
    anew = wanted.kind == "replace"
    price = wanted.unit_price if wanted.unit_price is not None or anew else line.unit_price
    target = _with_line(
        order,
        no,
        quantity=quantity,
        unit=wanted.unit or line.unit,
        unit_price=price,
        items=wanted.items if other_item else line.items,
        description=(wanted.description or ("" if other_item else line.description)),
        requested_on=wanted.requested_on or line.requested_on,
        buyer_line=wanted.buyer_line or line.buyer_line,
    )
    more = quantity > line.quantity or other_item or price != line.unit_price or (wanted.unit or line.unit) != line.unit
    return target, _answer(no, code, line, quantity, more=more, hold=_doubt(wanted, line.quantity, quantity))


def _doubt(wanted: OrderLineChange, before: Decimal, after: Decimal) -> str:
    """A change that says up or down and does not go that way is for a person (X12 element 670: QI, QD); one place of
    several may stay as it is, and one day of a line may go its own way.
    """
    no, code = wanted.line_no, wanted.code
    if wanted.buyer_line or (wanted.distribution and after == before):
        return ""
    if (code == "QI" and after <= before) or (code == "QD" and after >= before):
        way = "up" if code == "QI" else "down"
        return f"Line {no} shall go {way}, but from {before.normalize():f} to {after.normalize():f}"
    return ""


def _other_item(wanted: OrderLineChange, line: OrderLine) -> bool:
    """Whether the change names an item that the line does not; a shared number makes it the same one."""
    named = {(i.qualifier, i.value) for i in wanted.items}
    return bool(named) and not named & {(i.qualifier, i.value) for i in line.items}


def _with_line(order: Order, line_no: str, **values: object) -> Order:
    lines = tuple(replace(ln, **values) if ln.line_no == line_no else ln for ln in order.lines)  # type: ignore[arg-type]
    return replace(order, lines=lines)


def _answer(
    no: str, code: str, line: OrderLine | None, quantity: Decimal | None, *, hold: str = "", more: bool = False
) -> LineAnswer:
    before = line.quantity if line else None
    return LineAnswer(line_no=no, code=code, accepted=True, hold=hold, more=more, before=before, quantity=quantity)


def _refuse(no: str, code: str, reason: str, line: OrderLine | None) -> LineAnswer:
    quantity = line.quantity if line else None
    return LineAnswer(line_no=no, code=code, accepted=False, reason=reason, before=quantity, quantity=quantity)


_CLOSED = gettext_noop("Line %(line_no)s is closed")
_UNKNOWN = gettext_noop("The order has no line %(line_no)s")
_ASKED = {
    "TI": "the buyer asks to transfer it (TI)",
    "RC": "the buyer refuses a change of ours (RC)",
}
