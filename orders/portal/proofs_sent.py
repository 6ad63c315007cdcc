"""What a form sends and says to prove a claim, and what of it is kept already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from distportal.accounts.models import Account
from distportal.uploads.keeping import keep_files, kept_files
from distportal.web.audience import PersonRequest
from orders.process.dispute_files import Proof, Slot, form_of


def keep_proofs(
    request: PersonRequest, account: Account, token: UUID, slots: Sequence[Slot]
) -> tuple[list[Proof], list[str]]:
    """What was sent for each slot, with what was kept before, and what is wrong with files that are not kept."""
    dropped, proofs, problems = set(request.POST.getlist("drop")), [], []
    for slot in slots:
        if slot.in_words:
            proofs.append(Proof(slot=slot, said=request.POST.get(f"said.{slot.key}", "")))
            continue
        sent = request.FILES.getlist(f"file.{slot.key}")
        kept = keep_files(account=account, user=request.user, form=form_of(token, slot.key), sent=sent)
        problems += [f"{problem}." for problem in kept.problems]
        proofs.append(Proof(slot=slot, files=[one.pk for one in kept.files if str(one.pk) not in dropped]))
    return proofs, problems


def shown_slots(
    request: PersonRequest, account: Account, token: UUID, slots: Sequence[Slot], told: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each slot with what was said and which files are kept; a fresh form has none and asks nothing."""
    posted = request.method == "POST"
    return [
        {
            "slot": slot,
            "said": told.get(f"said.{slot.key}", ""),
            "kept": kept_files(account=account, user=request.user, form=form_of(token, slot.key)) if posted else [],
        }
        for slot in slots
    ]
