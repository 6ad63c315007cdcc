"""Documents and cartons by the numbers of EDI: ISA13, GS06, ST02 and the SSCC of a label."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import User
from distportal.events.finding import MOST, Found, Number
from edi.models import (
    As2Message,
    Document,
    FunctionalGroup,
    InboundFile,
    Interchange,
    LogisticUnit,
    OutboundFile,
    StockTransfer,
)
from edi.queries.search import spellings


def documents_numbered(number: Number, user: User) -> Iterator[Found]:
    """By any control number. A dealer finds the order that a document of its own is about, never the document."""
    told = number.text.upper().removeprefix("ISA").removeprefix("GS").removeprefix("ST").strip(" -")
    ways = spellings(told)
    if not ways or not told.isalnum():
        return
    groups = list(
        FunctionalGroup.objects.filter(
            Q(control_number__in=ways) | Q(interchange__in=_interchanges(ways))
        ).order_by().values_list("pk", flat=True)[:MOST]
    )  # fmt: skip
    rows = Document.objects.visible_to(user).filter(Q(control_number__in=ways) | Q(group__in=groups))
    if not user.is_staff:
        rows = rows.filter(order__isnull=False)
    rows = rows.select_related("partner", "order", "group__interchange")
    for row in rows.defer("segments", "findings", "line_sources").order_by("-created_at", "pk")[:MOST]:
        if user.is_staff:
            isa = f" · ISA {row.group.interchange.control_number}, {row.group}" if row.group else ""
            detail = f"{row.partner.name}, {row.get_direction_display().lower()}{isa}"
            yield Found(
                kind=_("Document"), title=str(row), detail=detail, correlation_id=row.correlation_id,
                step=f"document:{row.pk}",
            )  # fmt: skip
        elif row.order:
            yield Found(
                kind=_("Order"), title=str(row.order), detail=f"PO {row.order.po_number}",
                correlation_id=row.order.correlation_id, step=f"order:{row.order_id}",
            )  # fmt: skip


def cartons_numbered(number: Number, user: User) -> Iterator[Found]:
    """The shipment of a carton or pallet, by its SSCC as it stands on the label, with or without (00)."""
    digits = "".join(c for c in number.text if c.isdecimal())
    if len(digits) == 20 and digits.startswith("00"):
        digits = digits[2:]
    if len(digits) != 18 or not digits.isascii():
        return
    for unit in LogisticUnit.objects.visible_to(user).filter(sscc=digits).select_related("shipment__order"):
        yield Found(
            kind=unit.get_kind_display(), title=str(unit), correlation_id=unit.shipment.correlation_id,
            detail=f"{unit.shipment.number} · {unit.shipment.order}", step=f"shipment:{unit.shipment_id}",
        )  # fmt: skip


def files_named(number: Number, user: User) -> Iterator[Found]:
    """Files by their name, AS2 messages by their Message-ID, transfers to a warehouse by their number; for our people.

    Names are as they were sent, small letters and capitals too.
    """
    if not user.is_staff:
        return
    came = InboundFile.objects.filter(name=number.text).select_related("mailbox__partner").defer("content")
    for file in came.order_by("-received_at")[:MOST]:
        yield _file(file.name, f"{file.mailbox.partner.name}, inbound", file.correlation_id)
    left = OutboundFile.objects.filter(name=number.text).select_related("partner").defer("content")
    for sent in left:
        yield _file(sent.name, f"{sent.partner.name}, outbound", sent.correlation_id)
    bare = number.text.strip("<>")
    messages = As2Message.objects.filter(message_id__in=[bare, f"<{bare}>"]).select_related("mailbox__partner")
    for message in messages.defer("body", "receipt_body").order_by("-created_at")[:MOST]:
        yield Found(
            kind="AS2 message", title=message.message_id, correlation_id=message.correlation_id,
            detail=f"{message.mailbox.partner.name}, {message.get_state_display().lower()}",
        )  # fmt: skip
    for transfer in StockTransfer.objects.filter(number__in=number.spellings).select_related("partner", "warehouse"):
        yield Found(
            kind="Stock transfer", title=transfer.number, correlation_id=transfer.correlation_id,
            detail=f"{transfer.partner.name}, {transfer.warehouse}",
        )  # fmt: skip


def _file(name: str, detail: str, correlation_id: uuid.UUID) -> Found:
    return Found(kind="File", title=name, detail=detail, correlation_id=correlation_id)


def _interchanges(ways: list[str]) -> list[object]:
    padded = [*{way.zfill(9) for way in ways if way.isdecimal() and len(way) <= 9}]
    return list(Interchange.objects.filter(control_number__in=padded).order_by().values_list("pk", flat=True)[:MOST])
