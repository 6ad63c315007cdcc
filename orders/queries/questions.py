"""What of a held order its dealer can settle: which findings, and which fields answer each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.common.prepared import PreparedRows
from orders.choices import FindingAction, OrderStatus
from orders.models import Order, OrderFinding, RulePolicy

if TYPE_CHECKING:
    from uuid import UUID

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "item_unknown": ("sku",),
    "item_ambiguous": ("sku",),
    "item_not_sold": ("sku",),
    "substitute": ("sku",),
    "unit_unknown": ("unit",),
    "barcode_unit": ("unit", "quantity"),
    "quantity_invalid": ("quantity",),
    "quantity_minimum": ("quantity",),
    "quantity_multiple": ("quantity",),
    "stock_ending": ("quantity",),
    "stock_short": ("quantity",),
    "price_differs": ("unit_price",),
    "ship_to_unknown": ("ship_to",),
    "date_past": ("requested_on", "cancel_after"),
    "dates_impossible": ("requested_on", "cancel_after"),
}
"""Finding code -> the fields that its dealer may give anew. What is not here is for our people: credit, account holds,
duplicate PO numbers, licences.
"""
_TOLD = frozenset({"unit_unknown", "quantity_invalid", "quantity_minimum", "quantity_multiple", "stock_ending"})
MOST_ASKING = 5
SWITCH = "dealer_answers"
"""In a policy's data: `no` keeps the kind for our people, whatever stands above; the account's own counts first."""
_FIELDS: Mapping[str, Lazy | str] = {
    "sku": _("Item code"),
    "unit": _("Unit"),
    "quantity": _("Quantity"),
    "unit_price": _("Price"),
    "ship_to": _("Ship to"),
    "requested_on": _("Wanted on"),
    "cancel_after": _("Cancel after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One hold that the dealer can settle; `line_no` is empty where it is about the whole order."""

    code: str
    line_no: str
    message: str
    remedy: str
    fields: tuple[str, ...]
    data: Mapping[str, Any]

    @property
    def hint(self) -> str:
        """What would settle it, where that is said to the buyer; other remedies speak to our people."""
        return self.remedy if self.code in _TOLD else ""

    @property
    def names(self) -> list[tuple[str, Lazy | str]]:
        """The correction fields, `line.<no>.<field>` or the header's, with what people call them."""
        prefix = f"line.{self.line_no}." if self.line_no else ""
        return [(f"{prefix}{field}", _FIELDS[field]) for field in self.fields]


def kept_for_staff(account_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Account id -> the codes that its dealer may not answer by policy, in one query."""
    ids = list(account_ids)
    rows = RulePolicy.objects.filter(data__has_key=SWITCH).order_by(F("account").asc(nulls_first=True))
    told: list[tuple[UUID | None, str, str]] = list(rows.values_list("account_id", "code", f"data__{SWITCH}"))
    found: dict[UUID, frozenset[str]] = {}
    for account_id in ids:
        says = {code: word for owner, code, word in told if owner in (None, account_id)}
        found[account_id] = frozenset(code for code, word in says.items() if word == "no")
    return found


def questions_of(order: Order) -> list[Question]:
    """What the dealer of a held order can settle, in the order of its lines; nothing for one that is not held."""
    if order.status != OrderStatus.HELD:
        return []
    kept = kept_for_staff([order.account_id])[order.account_id]
    rows = OrderFinding.objects.filter(order=order, order_version=order.version, action=FindingAction.HOLD)
    return [
        Question(
            code=row.code,
            line_no=row.line.line_no if row.line else "",
            message=row.message,
            remedy=row.remedy,
            fields=ANSWERS[row.code],
            data=row.data,
        )
        for row in rows.select_related("line").order_by(F("line__position").asc(nulls_first=True), "pk")
        if row.code in ANSWERS and row.code not in kept
    ]


def _asked() -> QuerySet[OrderFinding]:
    return OrderFinding.objects.filter(action=FindingAction.HOLD, code__in=list(ANSWERS))


def with_questions(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Those of the orders that their dealer can do something about."""
    barred = RulePolicy.objects.filter(code=OuterRef("code"), data__contains={SWITCH: "no"})
    own = RulePolicy.objects.filter(code=OuterRef("code"), account=OuterRef("order__account"), data__has_key=SWITCH)
    asked = _asked().filter(order=OuterRef("pk"), order_version=OuterRef("version"))
    general, mine = barred.filter(account=None), own.filter(data__contains={SWITCH: "no"})
    asked = asked.exclude(Exists(mine)).exclude(Exists(general) & ~Exists(own))
    return rows.filter(Exists(asked), status=OrderStatus.HELD)


def _newest(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.defer("canonical").order_by("-number")[:MOST_ASKING]


_ASKING = PreparedRows(lambda pk: _newest(with_questions(Order.objects.of_accounts([pk]))))


def orders_asking(user: User) -> list[tuple[Order, int]]:
    """The newest orders that wait for the person's company, each with how many answers it needs; two queries."""
    standing = user.standing
    rows = _ASKING(standing.account.pk) if standing else list(_newest(with_questions(Order.objects.visible_to(user))))
    kept = kept_for_staff({row.account_id for row in rows})
    counts: dict[UUID, int] = {}
    versions = {row.pk: row for row in rows}
    found = _asked().filter(order__in=versions).values("order", "order_version", "code").annotate(n=Count("pk"))
    for one in found.order_by():
        order = versions[one["order"]]
        if one["order_version"] == order.version and one["code"] not in kept[order.account_id]:
            counts[order.pk] = counts.get(order.pk, 0) + one["n"]
    return [(row, counts.get(row.pk, 0)) for row in rows]
