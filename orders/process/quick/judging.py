"""What would come of the rows: judged by the rules and facts that the order will be judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distportal.accounts.models import Account
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.canonical.parts import ItemId
from distportal.common.errors import Invalid
from distportal.common.units import NAMES, to_base
from inventory.queries.items import items_meant, items_named
from inventory.queries.packs import units_offered
from inventory.queries.search import search_items
from orders.choices import FindingAction
from orders.models import Draft, QuickRow
from orders.process.cart_promises import promised_parts
from orders.process.drafts import enquiry
from orders.process.evaluation import Evaluation, amount_of, evaluate_order
from orders.process.quick.reading import quantity_of, unit_of
from orders.process.rules import Finding, LineFacts

if TYPE_CHECKING:
    import datetime as dt

    from inventory.models import Item
    from inventory.queries.sourcing import Part

MOST_GUESSED = 8
"""Rows of which the likeliest item is looked for: each costs a query."""
REFUSED = (FindingAction.REJECT, FindingAction.REJECT_ORDER)
NOT_SOLD = ("item_not_sold", "substitute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An item that may be meant, and the quantity and unit that then stand beside it."""

    item: Item
    quantity: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickLine:
    """One row and what would come of it: either a `problem` and what to do about it, or facts, an amount and the
    `parts` it would come in, in base units.
    """

    row: QuickRow
    item: Item | None
    quantity: Decimal | None
    unit: str
    problem: str = ""
    remedy: str = ""
    guess: Guess | None = None
    fact: LineFacts | None = None
    amount: Decimal = Decimal(0)
    parts: tuple[Part, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves one warehouse on one day, None where no day is known: so many rows, whole or in part."""

    warehouse_code: str
    on: dt.date | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickSheet:
    """All rows, those with problems first, each kind in the order in which they came."""

    lines: tuple[QuickLine, ...]

    @property
    def ready(self) -> list[QuickLine]:
        """What can go into the cart."""
        return [line for line in self.lines if not line.problem]

    @property
    def problems(self) -> list[QuickLine]:
        """What somebody has to look at."""
        return [line for line in self.lines if line.problem]

    @property
    def total(self) -> Decimal:
        """What the ready lines come to, before tax and freight."""
        return sum((line.amount for line in self.ready), Decimal(0))

    @property
    def leavings(self) -> list[Leaving]:
        """From where and when the ready lines would leave, the first day first and what has no day last."""
        found = Counter(
            place for line in self.ready for place in {(part.warehouse_code, part.on) for part in line.parts}
        )
        told = [Leaving(warehouse_code=code, on=on, rows=rows) for (code, on), rows in found.items()]
        return sorted(told, key=lambda one: (one.on is None, str(one.on), one.warehouse_code))


def judge_rows(*, draft: Draft, guess: bool = True) -> QuickSheet:
    """The sheet of the draft's rows. Its queries do not grow with the rows, but for at most eight guesses."""
    rows = list(draft.quick_rows.all())
    items = items_named(account_id=draft.account_id, names=[_names(row.code) for row in rows])
    lines = [_read(row, item) for row, item in zip(rows, items, strict=True)]
    lines = _evaluated(lines, draft.account)
    if guess:
        lines = _guessed(lines, draft.account)
    return QuickSheet(lines=tuple(sorted(lines, key=lambda line: not line.problem)))


def _names(code: str) -> tuple[ItemId, ...]:
    """Any code: ours, a UPC or EAN, or the account's own."""
    names = [ItemId(qualifier="sku", value=code), ItemId(qualifier="buyer", value=code)]
    bare = code.replace(" ", "").replace("-", "")
    return (*names, ItemId(qualifier="upc", value=bare)) if bare.isdecimal() and len(bare) >= 8 else tuple(names)


def _read(row: QuickRow, item: Item | None) -> QuickLine:
    """The row against the item alone."""
    quantity, unit = quantity_of(row.quantity), unit_of(row.unit)
    if item is None:
        problem = _("No item has the code %(code)s") % {"code": row.code} if row.code else _("Which item?")
        return QuickLine(row=row, item=None, quantity=quantity, unit=unit, problem=problem, remedy=str(_LOOK))
    unit = unit or item.base_unit
    problem, remedy = "", ""
    if quantity is None:
        problem = _uncounted(row.quantity.strip())
        remedy = _("Type a whole number above zero")
    else:
        try:
            to_base(quantity, unit=unit, packs=item.levels)
        except Invalid:
            known = _("Not sold by %(unit)s") if unit in NAMES else _("“%(unit)s” is no unit that we know")
            problem = known % {"unit": row.unit}
            remedy = _("Use %(units)s") % {"units": units_offered(item)}
    return QuickLine(row=row, item=item, quantity=quantity, unit=unit, problem=problem, remedy=remedy)


def _uncounted(text: str) -> str:
    """What is wrong with a quantity that cannot be ordered."""
    if not text:
        return _("How many?")
    if not text.strip("0.,"):
        return _("%(quantity)s of it is nothing to order") % {"quantity": text}
    return _("%(quantity)s is no whole number") % {"quantity": text}


_LOOK = gettext_lazy("Our code, a UPC or your own item number will do")


def _evaluated(lines: Sequence[QuickLine], account: Account) -> list[QuickLine]:
    """The lines with what the rules say of those that can be read."""
    sound = [line for line in lines if not line.problem]
    if not sound:
        return list(lines)
    order = enquiry(account, [_asked(line) for line in sound])
    evaluation = evaluate_order(order=order, account=account, items=[line.item for line in sound])
    facts = {fact.line.line_no: fact for fact in evaluation.facts.lines}
    parts = _parts(evaluation)
    return [line if line.problem else _told(line, evaluation, facts[str(line.row.pk)], parts) for line in lines]


def _parts(evaluation: Evaluation) -> Mapping[str, tuple[Part, ...]]:
    """What is refused takes nothing from the rows behind it: it will not come into the cart."""
    refused = {verdict.finding.line_no for verdict in evaluation.verdicts if verdict.action in REFUSED}
    facts = evaluation.facts
    return promised_parts(replace(facts, lines=tuple(one for one in facts.lines if one.line.line_no not in refused)))


def _asked(line: QuickLine) -> AskedLine:
    if line.item is None or line.quantity is None:
        raise ValueError(f"{line.row} was taken for sound")
    name = ItemId(qualifier="sku", value=line.item.sku)
    return AskedLine(line_no=str(line.row.pk), items=(name,), quantity=line.quantity, unit=line.unit)


def _told(line: QuickLine, evaluation: Evaluation, fact: LineFacts, parts: Mapping[str, tuple[Part, ...]]) -> QuickLine:
    verdicts = [verdict for verdict in evaluation.verdicts if verdict.finding.line_no == fact.line.line_no]
    refused = next((verdict.finding for verdict in verdicts if verdict.action in REFUSED), None)
    instead = fact.substitute.item if refused and fact.substitute else None
    return replace(
        line,
        problem=refused.beside_line if refused else "",
        remedy=_remedy(refused, instead) if refused else "",
        guess=Guess(item=instead, quantity=line.row.quantity, unit=line.row.unit) if instead else None,
        fact=fact,
        amount=amount_of(fact),
        parts=parts.get(fact.line.line_no, ()),
        remarks=tuple(verdict.finding.beside_line for verdict in verdicts),
    )


def _remedy(refused: Finding, instead: Item | None) -> str:
    """What the buyer can do: the rules' own remedies for what is not sold are for those who answer an order."""
    if instead is not None:
        return _("%(sku)s stands for it: take it instead, or remove the row") % {"sku": instead.sku}
    return _("Nothing stands for it: remove the row") if refused.code in NOT_SOLD else refused.remedy


def _guessed(lines: Sequence[QuickLine], account: Account) -> list[QuickLine]:
    """The first unknown codes with the item that is likeliest meant."""
    unknown = [line for line in lines if line.item is None and line.row.code][:MOST_GUESSED]
    joined = [_names(" ".join([line.row.code, line.row.quantity, _no_unit(line)]).strip()) for line in unknown]
    whole = items_named(account_id=account.pk, names=joined) if unknown else []
    guesses: dict[QuickRow, Guess] = {}
    unclear: dict[QuickRow, QuickLine] = {}
    for line, item in zip(unknown, whole, strict=True):
        if meant := items_meant(account_id=account.pk, names=_names(line.row.code)):
            unclear[line.row] = _unclear(line, meant)
            continue
        # `FST 10001` reads like ten thousand and one of FST, until one sees a code with spaces; `M8 40 A` likewise.
        found = item or search_items(text=line.row.code, account_id=account.pk).first()
        if found is not None:
            unit = "" if item and _no_unit(line) else line.row.unit
            guesses[line.row] = Guess(item=found, quantity="" if item else line.row.quantity, unit=unit)
    return [unclear.get(line.row) or _with(line, guesses.get(line.row)) for line in lines]


def _no_unit(line: QuickLine) -> str:
    """What stands in the unit's field and is none."""
    return "" if line.unit in NAMES else line.row.unit


def _unclear(line: QuickLine, meant: Sequence[Item]) -> QuickLine:
    """A code of several items is no guess."""
    could_be = _(" or ").join(item.sku for item in meant)
    return replace(
        line,
        problem=_("%(code)s could be %(could_be)s") % {"code": line.row.code, "could_be": could_be},
        remedy=_("Type the code of the one you mean"),
    )


def _with(line: QuickLine, guess: Guess | None) -> QuickLine:
    return line if guess is None else replace(line, guess=guess)
