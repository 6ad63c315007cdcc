"""What a dealer sends to prove a claim: what its reason asks for, with the claim and later while it is open."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act, signed_name
from distportal.common.errors import NotFound
from distportal.uploads.keeping import take_files
from distportal.uploads.models import StoredFile
from orders.choices import DisputeReason, DisputeStatus
from orders.errors import DisputeRefused
from orders.models import Dispute, InvoiceLine
from orders.process.dispute_filing import Wanted, file_dispute
from orders.process.dispute_proving import add_evidence
from orders.process.dispute_work import answer_question
from orders.process.locks import locked_dispute
from orders.queries.evidence import EVIDENCE, EVIDENCE_WORDS

PHOTO = "photo"
IN_WORDS = frozenset({"count", "code", "return", "other_invoice", "agreed_day"})
"""What is said and not sent."""
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to send or say; a photo of damaged goods is one for each line, `needed` before the claim is filed."""

    item: str
    label: Lazy | str
    line: InvoiceLine | None = None
    needed: bool = False

    @property
    def key(self) -> str:
        """How the form calls it."""
        return f"{self.item}-{self.line.pk}" if self.line else self.item

    @property
    def in_words(self) -> bool:
        """Whether a text answers it."""
        return self.item in IN_WORDS

    @property
    def told(self) -> dict[str, str | int]:
        """How a refusal names it to another system: the item's code, the field that takes it, the line's position."""
        told: dict[str, str | int] = {"item": self.item, "field": "text" if self.in_words else "files"}
        return told | {"field": "photos", "position": self.line.position} if self.line else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was sent and said for one slot."""

    slot: Slot
    files: Collection[UUID] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: a person, or the client behind a key. `name` stands in the dispute's story."""

    name: str
    user: User | None = None
    client: str = ""


def slots_of(reason: str, lines: Sequence[InvoiceLine]) -> list[Slot]:
    """What the reason asks for; of damaged goods a photo of each line."""
    found = []
    for item in EVIDENCE.get(reason, ()):
        if item == PHOTO and reason == DisputeReason.DAMAGED:
            found += [Slot(item, EVIDENCE_WORDS[item], line, needed=True) for line in lines]
        else:
            found.append(Slot(item, EVIDENCE_WORDS[item]))
    return found


def later_slots(row: Dispute) -> list[Slot]:
    """What may still be sent for an open dispute: all that its reason asks for, whatever is there already."""
    return [Slot(item, EVIDENCE_WORDS[item]) for item in EVIDENCE.get(row.reason, ())]


def form_of(token: UUID, slot: str) -> UUID:
    """The token under which the files of a slot are kept, so that each finds its own again."""
    return uuid.uuid5(token, slot)


@transaction.atomic
def file_claim(
    *, token: UUID, account: Account, invoice_id: UUID, reason: DisputeReason, wanted: Sequence[Wanted], note: str,
    user: User, proofs: Sequence[Proof], as_draft: bool = False,
) -> Dispute:  # fmt: skip
    """The dispute with what proves it, all or nothing; the same token gives the one that is there.

    Raises DisputeRefused without a comment, without a photo of each damaged line, and as `file_dispute`.
    """
    known = Dispute.objects.filter(token=token, account=account).first()
    if known is not None:
        return known
    check_complete(note, wanted, proofs)
    row = file_dispute(
        token=token, account=account, invoice_id=invoice_id, reason=reason, wanted=wanted, note=note, user=user,
        as_draft=as_draft,
    )  # fmt: skip
    return attach(row, Sender(name=signed_name(user), user=user), proofs)


def check_complete(note: str, wanted: Sequence[Wanted], proofs: Sequence[Proof]) -> None:
    """Raises DisputeRefused without a comment, or without a photo of a damaged line; its `evidence` is what lacks."""
    if not note.strip():
        raise DisputeRefused(_("say what happened in a few words; nothing was opened"))
    chosen = {one.line_id for one in wanted}
    bare = [proof.slot for proof in proofs if proof.slot.needed and not proof.files]
    missing = {slot.line: slot for slot in bare if slot.line is not None and slot.line.pk in chosen}
    if missing:
        what = ", ".join(str(line.item or line.description or line.position) for line in missing)
        raise DisputeRefused(
            _("a photo of %(what)s is needed; nothing was opened") % {"what": what},
            evidence=[slot.told for slot in missing.values()],
        )


@transaction.atomic
def add_proofs(*, dispute_id: UUID, user: User, token: UUID, proofs: Sequence[Proof], answer: str = "") -> Dispute:
    """The dispute with more that proves it; where we asked something, `answer` and what is sent answer it. Once a form.

    Raises NotAllowed for a role without disputes, DisputeRefused once it is decided and where nothing is sent.
    """
    row = locked_dispute(dispute_id)
    require_act(user=user, account_id=row.account_id, act=Act.DISPUTE)
    forms = [form_of(token, proof.slot.key) for proof in proofs]
    known = StoredFile.objects.filter(account=row.account_id, form__in=forms, used=True).exists()
    return row if known else add_to(row, Sender(name=signed_name(user), user=user), token, proofs, answer)


def add_to(row: Dispute, sender: Sender, token: UUID, proofs: Sequence[Proof], answer: str) -> Dispute:
    """The locked dispute with what proves it, once a token. Raises DisputeRefused as `add_proofs`."""
    if row.evidence.filter(reference=f"said:{token}").exists():
        return row
    if row.status not in DisputeStatus.UNDECIDED:
        raise DisputeRefused(_("it is decided already; nothing was added. Write to us below"))
    if not answer.strip() and not any(proof.files or proof.said.strip() for proof in proofs):
        raise DisputeRefused(
            _("choose a file or write something; nothing was added"), evidence=[proof.slot.told for proof in proofs]
        )
    row = attach(row, sender, proofs, token=token)
    if row.status == DisputeStatus.NEED_INFO:
        told = answer.strip() or _("Sent what was asked for")
        row = answer_question(dispute_id=row.pk, answer=told, user=sender.user, actor=sender.name)
    return row


def attach(row: Dispute, sender: Sender, proofs: Sequence[Proof], *, token: UUID | None = None) -> Dispute:
    """The dispute with these proofs on its list. Raises NotFound for a file of a key that does not wait for it."""
    mark = token or row.token
    for proof in proofs:
        about = f"{proof.slot.line.item or proof.slot.line.position}: " if proof.slot.line else ""
        for file in _taken(row, sender, proof.files):
            row = add_evidence(
                dispute_id=row.pk, item=proof.slot.item, reference=f"file:{file.pk}", words=f"{about}{file.name}",
                actor=sender.name,
            )  # fmt: skip
        if said := proof.said.strip()[:LONGEST]:
            row = add_evidence(
                dispute_id=row.pk, item=proof.slot.item, reference=f"said:{mark}", words=said, actor=sender.name
            )
    return row


def _taken(row: Dispute, sender: Sender, files: Collection[UUID]) -> list[StoredFile]:
    """The files, held from now on. A form shows what it keeps; a key names what it sent, and hears what is missing."""
    found = take_files(account=row.account, user=sender.user, client=sender.client, wanted=files)
    if sender.client and len(found) < len(set(files)):
        missing = sorted(str(one) for one in set(files) - {file.pk for file in found})
        raise NotFound(f"No file {', '.join(missing)} of yours waits here; nothing was done.", files=missing)
    return found


def file_of(dispute: Dispute, file_id: UUID) -> StoredFile | None:
    """A file that was sent for the dispute; None for any other."""
    if not dispute.evidence.filter(reference=f"file:{file_id}").exists():
        return None
    return StoredFile.objects.filter(pk=file_id, account=dispute.account_id).first()


def files_by_item(dispute: Dispute) -> Mapping[str, list[tuple[UUID, str]]]:
    """By item of the list the files that were sent, with their names."""
    found: dict[str, list[tuple[UUID, str]]] = {}
    for one in dispute.evidence.all():
        kind, _sep, pk = one.reference.partition(":")
        if kind == "file":
            found.setdefault(one.item, []).append((UUID(pk), one.words))
    return found
