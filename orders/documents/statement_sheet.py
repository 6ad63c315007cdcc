"""A statement as a paper and as a table."""

from __future__ import annotations

from collections.abc import Iterator

from distportal.common.money import show_money
from orders.documents.sheet import Column, Sheet, render_sheets
from orders.queries.receivables import AGES
from orders.queries.statement import Statement

HEADING = ("date", "kind", "number", "reference", "due", "charge", "credit", "balance", "currency")
_WORDS = {"invoice": "Invoice", "credit_memo": "Credit memo", "payment": "Payment"}
_COLUMNS = (
    Column("Date", 11),
    Column("Kind", 12),
    Column("Number", 20),
    Column("Reference", 17),
    Column("Due", 11),
    Column("Charge", 14, right=True),
    Column("Credit", 14, right=True),
    Column("Balance", 15, right=True),
)


def statement_pdf(statement: Statement) -> bytes:
    """The PDF, the same bytes for the same statement."""
    account, currency = statement.account, statement.currency
    ages = [
        (str(label), show_money(statement.ages.ages.get(age, statement.opening * 0), currency))
        for age, label in AGES.items()
    ]
    unapplied = [("Not set against an invoice", show_money(-statement.unapplied, currency))]
    opening = [
        statement.since.isoformat(),
        "Opening balance",
        "",
        "",
        "",
        "",
        "",
        show_money(statement.opening, currency),
    ]
    sheet = Sheet(
        title=f"Statement as of {statement.as_of.isoformat()}",
        place=[account.name, f"Account {account.code}"],
        facts=[("From", statement.since.isoformat()), ("As of", statement.as_of.isoformat()), ("Currency", currency),
               ("Closing balance", show_money(statement.closing, currency))],
        columns=_COLUMNS,
        rows=[opening, *_rows(statement)],
        sums=[*ages, *unapplied, ("Closing balance", show_money(statement.closing, currency))],
    )  # fmt: skip
    return render_sheets([sheet], title=sheet.title)


def _rows(statement: Statement) -> Iterator[list[str]]:
    for move in statement.movements:
        amounts = [
            "" if one is None else show_money(one, statement.currency)
            for one in (move.charge, move.credit, move.balance)
        ]
        due = move.due_on.isoformat() if move.due_on else ""
        yield [move.on.isoformat(), _WORDS[move.kind], move.number, move.reference, due, *amounts]


def statement_table(statement: Statement) -> Iterator[list[object]]:
    """The rows under HEADING: opening balance, every movement, closing balance, and the ages of what is open."""
    currency = statement.currency
    yield [statement.since.isoformat(), "Opening balance", "", "", "", "", "", statement.opening, currency]
    for move in statement.movements:
        due = move.due_on.isoformat() if move.due_on else ""
        told = [move.on.isoformat(), _WORDS[move.kind], move.number, move.reference, due]
        yield [*told, move.charge or "", move.credit or "", move.balance, currency]
    end = statement.as_of.isoformat()
    yield [end, "Closing balance", "", "", "", "", "", statement.closing, currency]
    for age, label in AGES.items():
        yield [end, f"Of it: {label}", "", "", "", "", "", statement.ages.ages.get(age, 0), currency]
    yield [end, "Not set against an invoice", "", "", "", "", "", -statement.unapplied, currency]
