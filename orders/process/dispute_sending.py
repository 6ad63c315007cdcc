"""What another system sends to prove a claim: files that it sent ahead, and words, with the claim or later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import Account
from distportal.uploads.keeping import MOST_FILES
from orders.choices import DisputeReason
from orders.errors import DisputeRefused
from orders.models import Dispute, InvoiceLine
from orders.process.dispute_files import (
    PHOTO,
    Proof,
    Sender,
    Slot,
    add_to,
    attach,
    check_complete,
    later_slots,
    slots_of,
)
from orders.process.dispute_filing import Wanted, file_dispute
from orders.process.locks import locked_dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """For one thing of a dispute's list, or the photos of one line: files by their ids, or words."""

    item: str
    line_id: int | None = None
    files: tuple[UUID, ...] = ()
    said: str = ""


@transaction.atomic
def claim_by_key(
    *, token: UUID, account: Account, invoice_id: UUID, reason: DisputeReason, wanted: Sequence[Wanted], note: str,
    client: str, channel: str, opened_name: str, sent: Sequence[Sent] = (),
) -> Dispute:  # fmt: skip
    """The dispute that another system opens with what proves it, all or nothing; the same token gives the one that is
    there.

    Raises NotFound for a file that the client did not send or that something holds already, otherwise as `file_claim`.
    """
    known = Dispute.objects.filter(token=token, account=account).first()
    if known is not None:
        return known
    chosen = [one.line_id for one in wanted]
    lines = list(InvoiceLine.objects.filter(invoice_id=invoice_id, pk__in=chosen).select_related("item"))
    proofs = _proofs(slots_of(reason, lines), sent)
    check_complete(note, wanted, proofs)
    row = file_dispute(
        token=token, account=account, invoice_id=invoice_id, reason=reason, wanted=wanted, note=note, user=None,
        channel=channel, opened_name=opened_name,
    )  # fmt: skip
    return attach(row, Sender(name=opened_name, client=client), proofs)


@transaction.atomic
def prove_by_key(
    *, dispute_id: UUID, token: UUID, client: str, name: str, sent: Sequence[Sent], answer: str = ""
) -> Dispute:
    """The open dispute with more that proves it, once a token; where we asked something, this answers it.

    Raises DisputeRefused once it is decided and where nothing is sent, NotFound as `claim_by_key`.
    """
    row = locked_dispute(dispute_id)
    held = {f"file:{file}" for one in sent for file in one.files}
    if held and row.evidence.filter(reference__in=held).count() == len(held):
        return row
    return add_to(row, Sender(name=name, client=client), token, _proofs(later_slots(row), sent), answer)


def _proofs(slots: Sequence[Slot], sent: Sequence[Sent]) -> list[Proof]:
    """Each slot with what was sent for it. Raises DisputeRefused for what the reason does not ask for; the error's
    `evidence` is what it does ask for, and how.
    """
    found: dict[str, list[Sent]] = {slot.key: [] for slot in slots}
    for one in sent:
        found[_slot_for(slots, one).key].append(one)
    return [_proof(slot, found[slot.key]) for slot in slots]


def _slot_for(slots: Sequence[Slot], sent: Sent) -> Slot:
    alike = [slot for slot in slots if slot.item == sent.item]
    if not alike:
        words = f"{sent.item} proves nothing of such a dispute; nothing was done"
        raise DisputeRefused(words, evidence=[slot.told for slot in slots])
    for slot in alike:
        if slot.line is None or slot.line.pk == sent.line_id:
            return slot
    words = f"{PHOTO}: name photos of damaged goods with their lines; nothing was done"
    raise DisputeRefused(words, evidence=[slot.told for slot in alike])


def _proof(slot: Slot, sent: Sequence[Sent]) -> Proof:
    files, said = [file for one in sent for file in one.files], " ".join(one.said for one in sent if one.said)
    if len(files) > MOST_FILES:
        raise _refused(slot, f"has at most {MOST_FILES} files")
    if files and slot.in_words:
        raise _refused(slot, "is said in words and has no file")
    if said and not slot.in_words:
        raise _refused(slot, "is a file")
    return Proof(slot=slot, files=files, said=said)


def _refused(slot: Slot, why: str) -> DisputeRefused:
    return DisputeRefused(f"{slot.item} {why}; nothing was done", evidence=[slot.told])
