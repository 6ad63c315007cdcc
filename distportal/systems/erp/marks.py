"""Our marks in a free text of an ERP that has no field for them: the content's hash, and the invoice to be credited."""

from __future__ import annotations

import re

_HASH = re.compile(r"\[portal ([0-9A-Za-z-]+)\]")
_CREDITS = re.compile(r"\[credits ([^\]]+)\]")


def marked(note: str, *, content_hash: str, credits_invoice: str = "") -> str:
    """The note with our marks on a line of their own; people may write around them."""
    marks = f"[portal {content_hash}]" + (f" {credit_mark(credits_invoice)}" if credits_invoice else "")
    return f"{note}\n{marks}" if note else marks


def credit_mark(invoice_number: str) -> str:
    """The mark of a credit request, to search for."""
    return f"[credits {invoice_number}]"


def hash_in(text: str | None) -> str:
    """The content hash; empty where the mark is gone, so that nothing is taken for ours by mistake."""
    found = _HASH.search(text or "")
    return found.group(1) if found else ""


def credited_in(text: str | None) -> str:
    """The number of the invoice to be credited, or empty."""
    found = _CREDITS.search(text or "")
    return found.group(1) if found else ""
