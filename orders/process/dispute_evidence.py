"""What a claim needs by its reason, and what of it we have already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.choices import DisputeReason
from orders.models import Invoice
from orders.queries.invoice_checks import LineCheck

_CONTRACT, _PROOF = "contract", "proof"
_PHOTO = _("A photo of the damage or of the label")
_WORDS: Mapping[str, Lazy | str] = {
    _CONTRACT: _("The contract or quote with the price"),
    _PROOF: _("The delivery note, or the carrier's proof of delivery"),
}
EVIDENCE: Mapping[str, tuple[Lazy | str, ...]] = {
    DisputeReason.PRICE: (_CONTRACT,),
    DisputeReason.SHORT: (_PROOF, _("What was counted, by whom and when")),
    DisputeReason.NOT_RECEIVED: (_PROOF,),
    DisputeReason.DAMAGED: (_PHOTO, _PROOF),
    DisputeReason.WRONG_ITEM: (_PHOTO, _("The code on what came")),
    DisputeReason.NOT_CREDITED: (_("The return's number"), _("Proof that it was sent back")),
    DisputeReason.DUPLICATE: (_("The number of the other invoice"),),
    DisputeReason.FREIGHT: (_("What was agreed on freight"),),
    DisputeReason.TAX: (_("The exemption certificate"),),
    DisputeReason.PROMOTION: (_("The offer with its dates"),),
    DisputeReason.WRONG_REFERENCE: (_("Your purchase order"),),
    DisputeReason.LATE: (_PROOF, _("The day that was agreed")),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a claim needs; `there` says what we have of it, empty where the buyer has to add it."""

    label: Lazy | str
    there: str = ""


def evidence_for(reason: str, invoice: Invoice, checks: Sequence[LineCheck], *, proven: bool) -> list[Evidence]:
    """The list for a reason; what is on file with us need not be sent."""
    found = []
    for one in EVIDENCE.get(reason, ()):
        there = ""
        if one == _CONTRACT and any(check.over is not None for check in checks):
            there = str(_("the price agreed on the order is on file"))
        if one == _PROOF and proven:
            there = str(_("the proof of delivery is on file"))
        found.append(Evidence(_WORDS.get(str(one), one) if one in (_CONTRACT, _PROOF) else one, there))
    return found
