"""The cases that EDI opens, each with the sentence that tells what happened, what was kept and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from edi.models import Document, FunctionalGroup, InboundFile, Interchange, TradingPartner, TransferReceipt
from edi.process.arrivals import Arrival
from edi.process.storable import storable
from edi.queries.interchanges import first_refusal
from edi.queries.references import of_partner, reference_of
from edi.x12 import structure
from edi.x12.verdicts import SetVerdict
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

_KINDS = {"025": "edi.duplicate_interchange", "007": "edi.wrong_receiver", "008": "edi.wrong_receiver"}
"""TA105 -> kind of case; any other refusal is `edi.rejected_interchange`."""


def tell_unreadable(file: InboundFile, first: InboundFile, problem: str) -> None:
    """One case for a file without a readable interchange; the same bytes again count it up."""
    open_case(
        kind="edi.unreadable_file",
        code="unreadable_file",
        subject_type="edi_file",
        subject_id=str(first.pk),
        sentence=f"{file.name} from {file.mailbox.partner}: {problem}",
        account=file.mailbox.partner.account,
        reference=of_partner(file.mailbox.partner, file.name),
        data={"file": str(file.pk), "bytes": file.size},
    )


def tell_unknown(*, file: InboundFile, row: Interchange, arrival: Arrival) -> None:
    """One case per sender and mailbox, however many files came."""
    found, mailbox = arrival.found, file.mailbox
    sender = storable(f"{found.sender_qualifier} {found.sender}", 20)
    who = f"bears the name of {arrival.claimed}" if arrival.claimed else f"comes from {sender}, whom nobody knows"
    open_case(
        kind="edi.unknown_partner",
        code="unknown_partner",
        subject_type="edi_sender",
        subject_id=_sender_id(file, arrival),
        sentence=f"{file.name} in the mailbox {mailbox.path}: interchange {row.control_number} {who}. "
        "Nothing was taken from it, nobody was answered",
        account=mailbox.partner.account,
        data={"mailbox": mailbox.pk, "sender": row.sender, "interchange": str(row.pk), "file": str(file.pk)},
    )


def end_unknown(*, file: InboundFile, arrival: Arrival) -> None:
    """The sender is a partner now."""
    resolve_cases(
        subject_type="edi_sender",
        subject_id=_sender_id(file, arrival),
        resolution=Resolution.RETRIED,
        reason=f"read again for {arrival.partner}",
    )


def _sender_id(file: InboundFile, arrival: Arrival) -> str:
    found = arrival.found
    return storable(f"{file.mailbox_id}/{found.sender_qualifier} {found.sender}", 64)


def tell_refused_interchange(*, partner: TradingPartner, row: Interchange, found: structure.Interchange) -> None:
    """One case per refused interchange; the same bytes again count it up."""
    first = first_refusal(row)
    kind = _KINDS.get(found.ta1_code, "edi.rejected_interchange")
    open_case(
        kind=kind,
        code=kind.removeprefix("edi."),
        subject_type="edi_interchange",
        subject_id=str(first.pk),
        sentence=f"Interchange {row.control_number} of {partner} was refused: "
        f"{storable(found.findings[0].text, 300)}. "
        f"{partner.name} was told (TA1 {found.ta1_code}); nothing was taken from it",
        account=partner.account,
        reference=of_partner(partner, f"interchange {row.control_number}"),
        data={"interchange": str(row.pk), "codes": [f.code for f in found.findings]},
    )


def tell_refused_group(
    *,
    partner: TradingPartner,
    row: FunctionalGroup,
    group: structure.Group,
    refused: Sequence[Document],
    verdicts: Sequence[SetVerdict],
    count: int = 0,
) -> None:
    """One case for what our 997 refused of a group, however many sets that are: `count`, where `refused` are only the
    first of them.
    """
    received = max(group.received, len(group.sets))
    codes = {f.code for f in group.findings} | {c for v in verdicts if not v.accepted for c in v.codes}
    kind = "edi.unsupported_set" if codes == {"1"} else "edi.invalid_document"
    why = group.findings[0].text if group.findings else (refused[0].findings or ["no reason"])[0]
    what = ", ".join(sorted({document.set_id for document in refused})) or group.functional_id
    open_case(
        kind=kind,
        code=kind.removeprefix("edi."),
        subject_type="edi_group",
        subject_id=str(row.pk),
        sentence=f"{partner}: {count or len(refused)} of {received} documents ({what}) in group {row.control_number} "
        f"were refused by our 997: {storable(why, 300)}",
        account=partner.account,
        reference=reference_of(refused[0]) if len(refused) == 1 else of_partner(partner, f"group {row.control_number}"),
        data={
            "interchange": str(row.interchange_id),
            "documents": [str(document.pk) for document in refused[:50]],
            "sentences": [text for document in refused for text in document.findings][:20],
        },
    )


def tell_unmatched(partner: TradingPartner, came: Document | Interchange, why: str) -> None:
    """One case for an acknowledgment that answers nothing of ours."""
    open_case(
        kind="edi.unmatched_ack",
        code="unmatched_ack",
        subject_type="edi_document" if isinstance(came, Document) else "edi_interchange",
        subject_id=str(came.pk),
        sentence=f"An acknowledgment of {partner} settles nothing: {why}",
        account=partner.account,
        reference=of_partner(partner, ""),
    )


def tell_rejected_by_partner(document: Document, sentences: Sequence[str]) -> None:
    """One case per document of ours that the partner refused."""
    open_case(
        kind="edi.rejected_by_partner",
        code="rejected_by_partner",
        subject_type="edi_document",
        subject_id=str(document.pk),
        sentence=f"{document.partner} refused our {document.set_id} {document.control_number}: "
        f"{(list(sentences) or ['no reason given'])[0]}",
        account=document.partner.account,
        reference=reference_of(document),
        data={"sentences": list(sentences)[:20]},
    )


def tell_overdue(row: Interchange, *, hours: int) -> None:
    """One case per interchange of ours that nobody acknowledged in time."""
    if row.partner is None:
        return
    open_case(
        kind="edi.ack_overdue",
        code="ack_overdue",
        subject_type="edi_interchange",
        subject_id=str(row.pk),
        sentence=f"{row.partner} has not acknowledged {row.outbound_file.name} within {hours} hours",
        account=row.partner.account,
        reference=of_partner(row.partner, row.outbound_file.name),
        data={"interchange": str(row.pk)},
    )


def end_overdue(interchange_id: UUID) -> None:
    """The acknowledgment came after all."""
    resolve_cases(
        subject_type="edi_interchange",
        subject_id=str(interchange_id),
        resolution=Resolution.BY_EVENT,
        reason="the partner acknowledged it",
        code="ack_overdue",
    )


_UNREADABLE = {"860": ("edi.unreadable_change", "asked")}
"""Set -> kind of case and what was not done with it; any other is an order that was not placed."""


def tell_unreadable_order(document: Document, *, code: str, problems: Sequence[str]) -> None:
    """One case per order or change that is valid X12 and still cannot be placed or asked."""
    kind, done = _UNREADABLE.get(document.set_id, ("edi.unreadable_order", "placed"))
    open_case(
        kind=kind,
        code=code,
        subject_type="edi_document",
        subject_id=str(document.pk),
        sentence=f"The {document.set_id} {document.control_number} of {document.partner} was not {done}: {problems[0]}"
        + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""),
        account=document.partner.account,
        reference=reference_of(document),
        data={"problems": list(problems)[:50]},
    )


def tell_unusable(document: Document, problems: Sequence[str]) -> None:
    """One case per document that is valid X12 and that nothing here can follow."""
    open_case(
        kind="edi.unusable_document",
        code="unusable_document",
        subject_type="edi_document",
        subject_id=str(document.pk),
        sentence=f"The {document.set_id} {document.control_number} of {document.partner} was not followed: "
        f"{problems[0]}" + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""),
        account=document.partner.account,
        reference=reference_of(document),
        data={"problems": list(problems)[:50]},
    )


def tell_refused_by_application(document: Document, sentences: Sequence[str]) -> None:
    """One case per document of ours that the partner read and did not use (824)."""
    open_case(
        kind="edi.refused_by_application",
        code="refused_by_application",
        subject_type="edi_document",
        subject_id=str(document.pk),
        sentence=f"{document.partner} could not use our {document.set_id} {document.control_number}: "
        f"{(list(sentences) or ['no reason given'])[0]}",
        account=document.partner.account,
        reference=reference_of(document),
        data={"sentences": list(sentences)[:20]},
    )


def tell_unsendable(*, partner: TradingPartner, invoice_id: UUID, what: str, why: str) -> None:
    """One case per invoice or credit memo that cannot be told as it is booked; the order's other documents go on."""
    open_case(
        kind="edi.unsendable_invoice",
        code="unsendable",
        subject_type="invoice",
        subject_id=str(invoice_id),
        sentence=f"{what} was not sent to {partner}: {why}",
        account=partner.account,
        reference=of_partner(partner, what),
        data={"problems": [why]},
    )


def end_unsendable(invoice_id: UUID) -> None:
    """It is on its way after all."""
    resolve_cases(
        subject_type="invoice",
        subject_id=str(invoice_id),
        resolution=Resolution.RETRIED,
        reason="it was built and sent",
        code="unsendable",
    )


def tell_receipt(receipt: TransferReceipt, sentences: Sequence[str]) -> None:
    """One case per transfer that did not arrive as it was sent, or per receipt of no transfer of ours."""
    transfer = receipt.transfer
    what = f"transfer {transfer}" if transfer else f"receipt {receipt}, of no transfer that we announced"
    open_case(
        kind="edi.receipt_differs",
        code="receipt_differs",
        subject_type="stock_transfer" if transfer else "transfer_receipt",
        subject_id=str(transfer.pk if transfer else receipt.pk),
        sentence=f"{receipt.partner}, {what}: {sentences[0]}",
        data={"document": str(receipt.document_id), "documents": [str(receipt.document_id)],
              "sentences": list(sentences)[:50]},
    )  # fmt: skip


def end_receipt(receipt: TransferReceipt) -> None:
    """Everything that was sent has arrived after all."""
    resolve_cases(
        subject_type="stock_transfer",
        subject_id=str(receipt.transfer_id),
        resolution=Resolution.BY_EVENT,
        reason=f"receipt {receipt} completes it",
        code="receipt_differs",
    )
