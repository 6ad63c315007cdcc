"""A statement as a paper and as a table."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distportal.common.money import show_money
from orders.documents.sheet import Column, Sheet, render_sheets
from orders.queries.receivables import AGES
from orders.queries.statement import Statement

HEADING = ("date", "kind", "number", "reference", "due", "charge", "credit", "balance", "currency")
_WORDS = {
    "invoice": gettext_lazy("Invoice"),
    "credit_memo": gettext_lazy("Credit memo"),
    "payment": gettext_lazy("Payment"),
}


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Date"), 11),
        Column(_("Kind"), 12),
        Column(_("Number"), 20),
        Column(_("Reference"), 17),
        Column(_("Due"), 11),
        Column(_("Charge"), 14, right=True),
        Column(_("Credit"), 14, right=True),
        Column(_("Balance"), 15, right=True),
    )


def statement_pdf(statement: Statement) -> bytes:
    """The PDF in the active language, the same bytes for the same statement."""
    account, currency = statement.account, statement.currency
    ages = [
        (str(label), show_money(statement.ages.ages.get(age, statement.opening * 0), currency))
        for age, label in AGES.items()
    ]
    unapplied = [(_("Not set against an invoice"), show_money(-statement.unapplied, currency))]
    opening = [
        statement.since.isoformat(),
        _("Opening balance"),
        "",
        "",
        "",
        "",
        "",
        show_money(statement.opening, currency),
    ]
    sheet = Sheet(
        title=_("Statement as of %(day)s") % {"day": statement.as_of.isoformat()},
        place=[account.name, _("Account %(code)s") % {"code": account.code}],
        facts=[(_("From"), statement.since.isoformat()), (_("As of"), statement.as_of.isoformat()),
               (_("Currency"), currency),
               (_("Closing balance"), show_money(statement.closing, currency))],
        columns=_columns(),
        rows=[opening, *_rows(statement)],
        sums=[*ages, *unapplied, (_("Closing balance"), show_money(statement.closing, currency))],
    )  # fmt: skip
    return render_sheets([sheet], title=sheet.title)


def _rows(statement: Statement) -> Iterator[list[str]]:
    for move in statement.movements:
        amounts = [
            "" if one is None else show_money(one, statement.currency)
            for one in (move.charge, move.credit, move.balance)
        ]
        due = move.due_on.isoformat() if move.due_on else ""
        yield [move.on.isoformat(), str(_WORDS[move.kind]), move.number, move.reference, due, *amounts]


def statement_table(statement: Statement) -> Iterator[list[object]]:
    """The rows under HEADING: opening balance, every movement, closing balance, and the ages of what is open."""
    currency = statement.currency
    yield [statement.since.isoformat(), _("Opening balance"), "", "", "", "", "", statement.opening, currency]
    for move in statement.movements:
        due = move.due_on.isoformat() if move.due_on else ""
        told = [move.on.isoformat(), str(_WORDS[move.kind]), move.number, move.reference, due]
        yield [*told, move.charge or "", move.credit or "", move.balance, currency]
    end = statement.as_of.isoformat()
    yield [end, _("Closing balance"), "", "", "", "", "", statement.closing, currency]
    for age, label in AGES.items():
        yield [end, _("Of it: %(age)s") % {"age": label}, "", "", "", "", "", statement.ages.ages.get(age, 0), currency]
    yield [end, _("Not set against an invoice"), "", "", "", "", "", -statement.unapplied, currency]
