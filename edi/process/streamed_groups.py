"""Judge a group whose sets are all recorded: its one 997, its troubles, and what follows from its documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from distportal.canonical.base import from_json
from edi.choices import DocumentState, ErrorPolicy
from edi.models import Document, FunctionalGroup, Interchange, TradingPartner
from edi.process.agreement import judge_group
from edi.process.answers import answer_group
from edi.process.batch_policy import judged_group
from edi.process.batches import queue_documents
from edi.process.jobs import TAKE_HUGE_JOB
from edi.process.recording import refusals
from edi.process.storable import set_of
from edi.process.taking import SETTLERS, settle_document
from edi.process.troubles import tell_refused_group
from edi.queries.agreements import error_policy
from edi.x12 import structure
from edi.x12.acks import group_verdict
from edi.x12.verdicts import SetVerdict

MOST_TOLD = 1000
"""Refused documents that the case is told of one by one; it counts them all."""
QUEUED_AT_ONCE = 2000


def judge_streamed_group(*, row: FunctionalGroup, group: structure.Group, partner: TradingPartner) -> None:
    """The group has its verdict and its answer. The caller is the only one to judge it."""
    documents = Document.objects.filter(group=row).order_by("position")
    kinds = documents.order_by("set_id", "position").distinct("set_id")
    judge_group(group, [set_of(document) for document in kinds.select_related("group")], partner)
    verdicts: list[SetVerdict] = []
    if group.rejected:
        documents.update(state=DocumentState.INVALID, findings=refusals(group))
    else:
        verdicts = _judged(documents, partner)
    FunctionalGroup.objects.filter(pk=row.pk).update(verdict=group_verdict(group, verdicts).verdict)
    answer_group(partner=partner, row=row, group=group, verdicts=verdicts)
    refused = documents.filter(state=DocumentState.INVALID)
    count = refused.count()
    if count or group.rejected:
        shown = list(refused.defer("segments", "verdict")[:MOST_TOLD])
        tell_refused_group(partner=partner, row=row, group=group, refused=shown, verdicts=verdicts, count=count)
    _follow_up(documents.exclude(state=DocumentState.INVALID), partner)


def streamed_refusal(*, row: Interchange, partner: TradingPartner) -> structure.Finding | None:
    """Why the whole interchange is refused, if one of its bad sets takes everything with it; all its documents are
    refused then.
    """
    documents = Document.objects.filter(group__interchange=row)
    bad = documents.filter(state=DocumentState.INVALID).order_by("set_id", "position").distinct("set_id")
    for document in bad.only("set_id", "control_number"):
        if error_policy(partner, document.set_id) == ErrorPolicy.REJECT_INTERCHANGE:
            text = (
                f"the set {document.control_number!r} ({document.set_id}) has errors, and its interchange stands or "
                "falls as one"
            )
            documents.update(state=DocumentState.INVALID)
            return structure.Finding("interchange", "024", text)
    return None


def _judged(documents: QuerySet[Document], partner: TradingPartner) -> list[SetVerdict]:
    """The verdicts, and the documents' states by them where a bad set took its group with it."""
    alone = list(_verdicts(documents))
    verdicts = judged_group(alone, partner)
    if verdicts != alone:
        told = next(v.sentences for v, before in zip(verdicts, alone, strict=True) if v != before)
        documents.filter(state=DocumentState.VALID).update(state=DocumentState.INVALID, findings=told)
    return verdicts


def _verdicts(documents: QuerySet[Document]) -> Iterator[SetVerdict]:
    """In the order of the sets; those without a stored one were plainly accepted."""
    rows = documents.values_list("set_id", "control_number", "verdict")
    for set_id, control_number, verdict in rows.iterator(chunk_size=QUEUED_AT_ONCE):
        yield from_json(SetVerdict, json.loads(verdict)) if verdict else SetVerdict(set_id, control_number, "", "A")


def _follow_up(valid: QuerySet[Document], partner: TradingPartner) -> None:
    for document in valid.filter(set_id__in=SETTLERS).select_related("group__interchange").iterator(QUEUED_AT_ONCE):
        settle_document(partner=partner, document=document)
    rest = valid.exclude(set_id__in=SETTLERS).only("pk", "set_id").iterator(chunk_size=QUEUED_AT_ONCE)
    while some := list(islice(rest, QUEUED_AT_ONCE)):
        queue_documents(some, job=TAKE_HUGE_JOB)
