"""What EDI adds to a story: the file, its interchanges, what stood in them, and what was sent back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Q
from django.urls import reverse

from distportal.events.finding import number_finder
from distportal.events.lineage import Step, lineage_linker, lineage_provider
from edi.choices import AckState, Direction
from edi.documents.registry import DOCUMENTS
from edi.models import Document, DocumentOrder, FunctionalGroup, InboundFile, Interchange
from edi.queries.documents import ack_key, ta1_key
from edi.queries.facts import shipments_of_story
from edi.queries.line_origins import orders_by_document, segments_of_lines
from edi.queries.numbers_in_hand import cartons_numbered, documents_numbered, files_named
from edi.queries.readers import READERS, WORKERS
from edi.x12.tokens import COMPONENT
from orders.registry import LineOrigin, add_line_origins

MOST_DOCUMENTS = 1000
"""A story tells the newest so many documents: a huge file would bury everything else, and its page lists them."""


number_finder("1 cartons")(cartons_numbered)
number_finder("0 documents")(documents_numbered)
number_finder("0 files")(files_named)


def line_origins(order_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], LineOrigin]:
    """The segment that each line came from, as it was sent."""
    found: dict[tuple[uuid.UUID, str], LineOrigin] = {}
    for order_id, line_no, document, position in segments_of_lines(order_ids):
        raw = "*".join(str(value).replace(COMPONENT, ">") for value in document.segments[position - 1]) + "~"
        url = f"{reverse('edi:document', args=[document.pk])}#s{position}"
        origin = LineOrigin(label=f"{document}, segment {position}", raw=raw, url=url, readers=READERS)
        found.setdefault((order_id, line_no), origin)
    return found


add_line_origins("edi", line_origins)


@lineage_linker("edi")
def order_links(correlation_id: uuid.UUID) -> dict[str, str]:
    """The 850 that each order of the story came by."""
    return {f"order:{order}": f"document:{document}" for order, document in orders_by_document(correlation_id)}


@lineage_provider("edi")
def edi_steps(correlation_id: uuid.UUID) -> Iterator[Step]:
    """All steps that carry the id; for staff only, because they lead to the partner's raw bytes."""
    for file in InboundFile.objects.defer("content").filter(correlation_id=correlation_id).select_related("mailbox"):
        yield Step(
            at=file.received_at, kind="edi_file", title=f"File {file.name}", key=f"file:{file.pk}", state=file.state,
            detail=f"{file.size:,} bytes from {file.mailbox.path}, {_hash(file)} {file.problem}".strip(),
            url=reverse("edi:file", args=[file.pk]), internal=True, readers=READERS,
        )  # fmt: skip
    yield from _interchanges(correlation_id)
    # What changed an order came in a file of its own, and belongs to the order's story all the same.
    changing = DocumentOrder.objects.filter(order__correlation_id=correlation_id, change__isnull=False)
    documents = Document.objects.filter(
        Q(correlation_id=correlation_id) | Q(pk__in=changing.values("document"))
    ).select_related("partner", "group")
    answered = _answered(correlation_id)
    for document in documents.defer("segments", "findings", "verdict", "line_sources")[:MOST_DOCUMENTS]:
        yield _document(document, answered)
    for shipment in shipments_of_story(correlation_id):
        cartons = "its carton" if shipment.cartons == 1 else f"each of {shipment.cartons} cartons"
        yield Step(
            at=shipment.recorded_at, kind="labels", title=f"Labels of shipment {shipment.number}",
            key=f"labels:{shipment.pk}", parent=f"shipment:{shipment.pk}", internal=True,
            detail=f"a GS1-128 label for {cartons}, as a PDF",
            url=reverse("edi:labels", args=[shipment.pk]), readers=WORKERS,
        )  # fmt: skip
    # What warehouses and carriers sent has a story of its own; it belongs to that of the order it is about, too.
    about = Document.objects.filter(order__correlation_id=correlation_id, set_id__in=("945", "214"))
    # A ship notice may be about several orders, and stands in the story of each.
    joint = DocumentOrder.objects.filter(order__correlation_id=correlation_id, document__set_id="856")
    about = about | Document.objects.filter(pk__in=joint.values("document"))
    for document in about.exclude(correlation_id=correlation_id).select_related("partner", "group"):
        yield replace(_document(document, {}), parent=_parent_of_fact(document))


def _hash(file: InboundFile) -> str:
    """What is left to prove the bytes by, and when they went."""
    gone = f", bytes erased on {file.erased_at:%Y-%m-%d}" if file.erased_at else ""
    return f"SHA-256 {file.sha256[:12]}…{gone}"


def _interchanges(correlation_id: uuid.UUID) -> Iterator[Step]:
    rows = Interchange.objects.filter(correlation_id=correlation_id, direction=Direction.IN).select_related("partner")
    for row in rows:
        yield Step(
            at=row.created_at, kind="edi_interchange", title=f"Interchange {row.control_number}",
            key=f"interchange:{row.pk}", parent=f"file:{row.file_id}", state=row.state,
            detail=f"ISA from {row.sender} to {row.receiver}" + (f": {row.notes[0]}" if row.notes else ""),
            url=reverse("edi:interchange", args=[row.pk]), internal=True, readers=READERS,
        )  # fmt: skip


def _answered(correlation_id: uuid.UUID) -> dict[str, str]:
    """The interchange that each 997 or TA1 of the story answers, by the fact it tells."""
    rows = FunctionalGroup.objects.filter(
        interchange__correlation_id=correlation_id, interchange__direction=Direction.IN
    ).values_list("pk", "interchange_id")
    steps = {ack_key(group): f"interchange:{interchange}" for group, interchange in rows}
    return steps | {ta1_key(interchange): f"interchange:{interchange}" for _, interchange in rows}


def _document(row: Document, answered: dict[str, str]) -> Step:
    inbound = row.direction == Direction.IN
    known = DOCUMENTS.get(row.set_id)
    title = f"{row.set_id} {known.title.lower() if known else 'document'}"
    acknowledged = "" if row.ack_state == AckState.NONE else f", 997 {row.get_ack_state_display().lower()}"
    sent = "" if inbound else ", sent" if row.sent_at else ", waits to be sent"
    return Step(
        at=row.created_at,
        kind="edi_in" if inbound else "edi_out",
        title=f"{title} from {row.partner}" if inbound else f"{title} to {row.partner}",
        key=f"document:{row.pk}",
        parent=answered.get(row.business_key) or _parent(row),
        detail=f"{row.get_state_display()}{sent}{acknowledged}",
        state=row.ack_state if row.ack_state in AckState.SETTLED else "sent" if row.sent_at else row.state,
        url=reverse("edi:document", args=[row.pk]),
        internal=True,
        readers=READERS,
    )


def _parent(row: Document) -> str:
    if row.direction == Direction.IN:
        return f"interchange:{row.group.interchange_id}" if row.group else ""
    return _parent_of_fact(row)


def _parent_of_fact(row: Document) -> str:
    if row.shipment_id:
        return f"shipment:{row.shipment_id}"
    if row.invoice_id:
        return f"invoice:{row.invoice_id}"
    return f"order:{row.order_id}" if row.order_id else ""
