"""What a claim needs by its reason, before there is a dispute, and what of it we have already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.models import Invoice
from orders.queries.evidence import CONTRACT, EVIDENCE, EVIDENCE_WORDS, PROOF
from orders.queries.invoice_checks import LineCheck


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a claim needs; `there` says what we have of it, empty where the buyer has to add it."""

    label: Lazy | str
    there: str = ""


def evidence_for(reason: str, invoice: Invoice, checks: Sequence[LineCheck], *, proven: bool) -> list[Evidence]:
    """The list for a reason; what is on file with us need not be sent."""
    found = []
    for item in EVIDENCE.get(reason, ()):
        there = ""
        if item == CONTRACT and any(check.over is not None for check in checks):
            there = str(_("the price agreed on the order is on file"))
        if item == PROOF and proven:
            there = str(_("the proof of delivery is on file"))
        found.append(Evidence(EVIDENCE_WORDS[item], there))
    return found
