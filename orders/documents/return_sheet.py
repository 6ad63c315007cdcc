"""The label of one return, from its rows."""

from __future__ import annotations

from django.conf import settings

from orders.documents.return_label import ReturnLabel, render_return_label
from orders.models import Return


def label_pdf(row: Return) -> bytes:
    """The label of an approved return, with what may come back; its account should have been loaded with it."""
    lines = row.lines.filter(approved__gt=0).select_related("item")
    made = ReturnLabel(
        rma=str(row),
        sender=[row.account.name, row.account.code],
        receiver=settings.RETURN_ADDRESS,
        contents=[f"{line.approved.normalize():f} {line.unit} {line.item.sku if line.item else ''}" for line in lines],
    )
    return render_return_label(made)
