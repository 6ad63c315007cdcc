"""What a dispute needs to be proven, by its reason, and what of it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.choices import DisputeReason
from orders.models import Dispute

CONTRACT, PROOF, ORDER, RETURN, SENT_BACK, OTHER_INVOICE, AGREED_DAY = (
    "contract", "proof", "order", "return", "sent_back", "other_invoice", "agreed_day",
)  # fmt: skip
"""What we can find by ourselves; everything else on the list has to be sent."""

EVIDENCE_WORDS: Mapping[str, Lazy | str] = {
    CONTRACT: _("The contract or quote with the price"),
    PROOF: _("The delivery note, or the carrier's proof of delivery"),
    ORDER: _("Your purchase order"),
    RETURN: _("The return's number"),
    SENT_BACK: _("Proof that it was sent back"),
    OTHER_INVOICE: _("The number of the other invoice"),
    AGREED_DAY: _("The day that was agreed"),
    "photo": _("A photo of the damage or of the label"),
    "count": _("What was counted, by whom and when"),
    "code": _("The code on what came"),
    "freight": _("What was agreed on freight"),
    "exemption": _("The exemption certificate"),
    "offer": _("The offer with its dates"),
}
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    DisputeReason.PRICE: (CONTRACT,),
    DisputeReason.SHORT: (PROOF, "count"),
    DisputeReason.NOT_RECEIVED: (PROOF,),
    DisputeReason.DAMAGED: ("photo", PROOF),
    DisputeReason.WRONG_ITEM: ("photo", "code"),
    DisputeReason.NOT_CREDITED: (RETURN, SENT_BACK),
    DisputeReason.DUPLICATE: (OTHER_INVOICE,),
    DisputeReason.FREIGHT: ("freight",),
    DisputeReason.TAX: ("exemption",),
    DisputeReason.PROMOTION: ("offer",),
    DisputeReason.WRONG_REFERENCE: (ORDER,),
    DisputeReason.LATE: (PROOF, AGREED_DAY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One thing on a dispute's list; `there` are the words of what we have of it, none where it is missing."""

    item: str
    label: Lazy | str
    there: tuple[str, ...]


def checklist_of(row: Dispute) -> list[Needed]:
    """The list of a dispute by its reason, and what came besides; one query, none where `evidence` is prefetched."""
    found: dict[str, list[str]] = {item: [] for item in EVIDENCE.get(row.reason, ())}
    for one in row.evidence.all():
        found.setdefault(one.item, []).append(one.words)
    return [
        Needed(item=item, label=EVIDENCE_WORDS.get(item, item), there=tuple(words)) for item, words in found.items()
    ]


def missing_of(row: Dispute) -> list[Needed]:
    """What of its list is not there yet; nothing means that the dispute is ready to be decided."""
    return [one for one in checklist_of(row) if not one.there]
