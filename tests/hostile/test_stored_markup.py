"""Whatever words are stored, no page takes them for markup: those that templates draw, and rows that Python draws."""

from __future__ import annotations

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models

from tests.away.conftest import Portal, portal  # noqa: F401  one of everything
from tests.away.pages import Lookers, addresses, back_office

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
MARK = "\"'><x-ray>"
OURS = ("accounts", "events", "exceptions", "inventory", "orders", "edi", "systems", "threads", "mapping")
WORDS = {
    "name", "title", "po_number", "note", "reason", "closed_reason", "text", "street", "city", "description", "subject",
    "sentence", "comment", "said", "about", "placed_name", "requested_name", "author", "salesperson", "carrier",
    "words", "error", "remark", "contract", "cause", "buyer_code", "payment_terms", "last_error",
}  # fmt: skip
"""What somebody wrote, or another system told, and no code decides by."""


def mark_all_words() -> int:
    """Each such column of each row ends in the mark; how many columns have it somewhere."""
    marked = 0
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label not in OURS or getattr(model, "pgh_tracked_model", None) is not None:
                continue
            for field in model._meta.concrete_fields:
                if field.name not in WORDS or not isinstance(field, models.CharField | models.TextField):
                    continue
                if field.choices or field.unique:
                    continue
                room = (field.max_length or 10_000) - len(MARK)
                table, column = model._meta.db_table, field.column
                cursor.execute(
                    f"UPDATE {table} SET {column} = left({column}, %s) || %s WHERE {column} <> ''",  # noqa: S608  names of ours
                    [max(room, 0), MARK[: field.max_length or None]],
                )
                marked += cursor.rowcount > 0 and room >= 0
    return marked


def test_stored_words_are_words_on_every_page(portal: Portal) -> None:  # noqa: F811
    assert mark_all_words() > 25
    lookers, shown, taken = Lookers(portal), 0, []
    for address in [*addresses(portal), *back_office()]:
        look = lookers.look(address)
        assert look.status < 500, address
        if look.kind.startswith("text/html"):
            shown += "&lt;x-ray&gt;" in look.text
            if "<x-ray" in look.text:
                at = look.text.index("<x-ray")
                taken.append(f"{address}: {look.text[max(at - 160, 0) : at + 20]}")
    assert taken == []
    assert shown > 40
