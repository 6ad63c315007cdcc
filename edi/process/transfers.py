"""943 and 944: announce goods on their way to a partner's warehouse, and compare them with what it received."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json, plain, to_json
from distportal.canonical.parts import ItemId
from distportal.canonical.warehouse import ReceivedLine, StockTransfer, TransferReceipt, WarehouseLine
from distportal.observability.correlation import correlation_id
from edi.choices import ReceiptState
from edi.documents.receipt944 import read_944
from edi.documents.transfer943 import write_943
from edi.errors import TransferChanged
from edi.models import Document, WarehouseLink
from edi.models import StockTransfer as Announced
from edi.models import TransferReceipt as Recorded
from edi.process.control_numbers import hold_numbers
from edi.process.outbound import Outgoing, send_set
from edi.process.troubles import end_receipt, tell_receipt
from edi.process.using import unusable, use_document
from edi.queries.agreements import written_release
from edi.queries.warehouses import transfer_named
from edi.x12.catalog import release_of


@transaction.atomic
def announce_transfer(*, link: WarehouseLink, transfer: StockTransfer) -> Announced:
    """The 943 of the transfer is on its way, once per number. Raises TransferChanged for a number that was used for
    other goods, WriteError for one without lines.
    """
    partner = link.partner
    hold_numbers(partner=partner)
    known = Announced.objects.filter(number=transfer.number).first()
    if known is not None:
        if known.partner_id == partner.pk and content_hash(known.canonical) == content_hash(transfer):
            return known
        raise TransferChanged(
            f"Transfer {transfer.number} was announced with other content; nothing was sent. Use another number.",
            number=transfer.number,
        )
    body = write_943(transfer, release=release_of(written_release(partner, "943")))
    document = send_set(
        partner=partner, outgoing=Outgoing(set_id="943", business_key=f"943:{transfer.number}", body=body)
    )
    return Announced.objects.create(
        partner=partner,
        warehouse=link.warehouse,
        number=transfer.number,
        canonical=to_json(transfer),
        document=document,
        correlation_id=correlation_id(),
    )


def take_receipt(*, document_id: UUID) -> None:
    """The 944 is recorded once per receipt number and compared with its 943; a difference is one case."""
    use_document(document_id=document_id, read=read_944, use=_record)


def _record(document: Document, fact: TransferReceipt) -> Sequence[str]:
    digest = content_hash(fact)
    known = Recorded.objects.filter(partner=document.partner, number=fact.number[:30]).first()
    if known is not None:
        if known.content_hash == digest:
            return ["The same receipt was told before; nothing changed."]
        raise unusable(f"Receipt {fact.number} was told before with other content; the first one holds.")
    transfer = transfer_named(partner=document.partner, number=fact.transfer_number)
    findings = _findings(transfer, fact)
    state = ReceiptState.DIFFERS if findings else ReceiptState.AS_SENT
    row = Recorded.objects.create(
        partner=document.partner,
        number=fact.number[:30],
        transfer=transfer,
        state=state if transfer else ReceiptState.UNKNOWN,
        canonical=to_json(fact),
        content_hash=digest,
        findings=findings,
        document=document,
    )
    if findings:
        tell_receipt(row, findings)
    else:
        end_receipt(row)
    return findings or [f"Everything of transfer {transfer} has arrived."]


def _findings(transfer: Announced | None, fact: TransferReceipt) -> list[str]:
    """What did not arrive as it was sent, counting all receipts of the transfer together."""
    if transfer is None:
        return [f"We announced no transfer {fact.transfer_number or 'without a number'}."]
    sent = from_json(StockTransfer, transfer.canonical)
    earlier = [from_json(TransferReceipt, row.canonical) for row in transfer.receipts.all()]
    got: dict[str, Decimal] = {}
    told: list[str] = []
    for receipt in (*earlier, fact):
        for line in receipt.lines:
            meant = _meant(line, sent.lines)
            if meant is not None and line.unit == meant.unit:
                got[meant.line_no] = got.get(meant.line_no, Decimal(0)) + line.quantity
            elif receipt is fact:
                told.append(_odd(line, meant))
    told += [f"{_name(line.items)}: {condition}" for line in fact.lines for condition in line.conditions]
    for asked in sent.lines:
        came = got.get(asked.line_no, Decimal(0))
        if came != asked.quantity:
            told.append(f"{_name(asked.items)}: {plain(came)} of {plain(asked.quantity)} {asked.unit} received")
    return told


def _meant(line: ReceivedLine, sent: Sequence[WarehouseLine]) -> WarehouseLine | None:
    values = {item.value for item in line.items}
    same = [one for one in sent if values & {item.value for item in one.items}]
    return next((one for one in same if one.line_no == line.line_no), same[0] if same else None)


def _odd(line: ReceivedLine, meant: WarehouseLine | None) -> str:
    what = f"{plain(line.quantity)} {line.unit} of {_name(line.items)}"
    return f"{what}, which were not sent" if meant is None else f"{what}, sent in {meant.unit}"


def _name(items: Sequence[ItemId]) -> str:
    return next((item.value for item in items if item.qualifier in ("sku", "vendor")), items[0].value if items else "?")
