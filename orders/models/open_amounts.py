"""Triggers that keep what is open of each invoice beside it, and beside each payment what its lines come to, whoever
writes them.

In the database and not in the process functions, because during an upgrade the old version writes, too, and because no
later way to write a payment can forget it. The arithmetic stands once, in the functions of the migration
`open_amounts`: they lock the rows in the order of their ids and look at them afterwards, so of two payments at once the
second sees the first.
"""

from __future__ import annotations

import pgtrigger

_RECKON = "PERFORM orders_reckon_open(ARRAY({ids})); RETURN NULL;"
_ADD_UP = "PERFORM orders_reckon_payments(ARRAY({ids})); "
_KEEP = """
IF current_setting('orders.reckoning', true) IS DISTINCT FROM 'on' THEN NEW.{column} := OLD.{column}; END IF;
RETURN NEW;
"""
_OF_LINES = """
SELECT line.invoice_id FROM {lines} line WHERE line.invoice_id IS NOT NULL
 UNION SELECT memo.corrects_id FROM {lines} line JOIN orders_invoice memo ON memo.id = line.invoice_id
        WHERE memo.corrects_id IS NOT NULL
"""
"""A credit memo that a payment takes no longer lowers the invoice that it corrects."""


def _of_lines(name: str, operation: pgtrigger.Operation, *tables: str) -> pgtrigger.Trigger:
    """After a statement has written lines of payments; once for all of them."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
            old="old_lines" if "old_lines" in tables else None, new="new_lines" if "new_lines" in tables else None
        ),
        func=_ADD_UP.format(ids=" UNION ".join(f"SELECT remittance_id FROM {table}" for table in tables))  # noqa: S608 - tables of ours
        + _RECKON.format(ids=" UNION ".join(_OF_LINES.format(lines=table) for table in tables)),
    )


def _kept_alone(column: str) -> pgtrigger.Trigger:
    """An object that was read before a payment may be saved after it: the figure stays."""
    return pgtrigger.Trigger(
        name="reckon_alone",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
        condition=pgtrigger.AnyChange(column),
        func=_KEEP.format(column=column),
    )


LINE_TRIGGERS = [
    _of_lines("reckon_added", pgtrigger.Insert, "new_lines"),
    _of_lines("reckon_changed", pgtrigger.Update, "old_lines", "new_lines"),
    _of_lines("reckon_removed", pgtrigger.Delete, "old_lines"),
]
"""Of lines of payments."""

PAYMENT_TRIGGERS = [
    pgtrigger.Trigger(
        name="reckon_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="NEW.settled := 0; RETURN NEW;",
    ),
    _kept_alone("settled"),
    pgtrigger.Trigger(
        name="reckon_state",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.AnyChange("state"),
        func=_RECKON.format(
            ids=_OF_LINES.format(lines="(SELECT invoice_id FROM orders_remittanceline WHERE remittance_id = NEW.id)")
        ),
    ),
]
"""Of payments: only what is applied counts. What is new has no lines yet."""

DOCUMENT_TRIGGERS = [
    pgtrigger.Trigger(
        name="reckon_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
NEW.still_open := CASE WHEN NEW.kind = 'invoice' THEN NEW.total WHEN NEW.corrects_id IS NULL THEN -NEW.total ELSE 0 END;
RETURN NEW;
""",
    ),
    _kept_alone("still_open"),
    pgtrigger.Trigger(
        name="reckon_corrected",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.corrects_id IS NOT NULL"),
        func="PERFORM orders_reckon_open(ARRAY[NEW.corrects_id]); RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="reckon_anew",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("kind", "total", "corrects_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.AnyChange("kind", "total", "corrects"),
        func="PERFORM orders_reckon_open(ARRAY[NEW.id, OLD.corrects_id, NEW.corrects_id]); RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="reckon_without",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.corrects_id IS NOT NULL"),
        func="PERFORM orders_reckon_open(ARRAY[OLD.corrects_id]); RETURN NULL;",
    ),
]
"""Of invoices and credit memos. What is new has neither payments nor memos yet."""
