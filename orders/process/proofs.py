"""Record who took a shipment, with the picture, and tell where a proof is missing or its picture no good."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from distportal.canonical.tracking import DeliveryProof
from distportal.common.images import CleanImage, clean_image
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.models import ProofImage, ProofOfDelivery, Shipment
from orders.process.case_facts import about
from orders.process.deliveries import note_delivered
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.queries.tracking import unproven_deliveries


@transaction.atomic
def record_proof(
    *, shipment_id: UUID, proof: DeliveryProof, image: bytes, source_key: str, source: str
) -> ProofOfDelivery:
    """The proof, once per `source_key`, with the clean picture where there is one; the shipment counts as delivered.

    Raises UnusableImage for a picture that is not kept; nothing was recorded then.
    """
    clean = clean_image(image) if image else None
    shipment = Shipment.objects.get(pk=shipment_id)
    order = locked_order(shipment.order_id)
    known = ProofOfDelivery.objects.filter(source_key=source_key).first()
    if known is not None:
        return known
    with correlated(shipment.correlation_id):
        row = ProofOfDelivery.objects.create(
            shipment=shipment,
            source_key=source_key,
            signed_by=proof.signed_by[:80],
            delivered_at=proof.at,
            place=proof.place[:80],
            image=kept_image(clean) if clean else None,
            source=source[:120],
        )
        note_delivered(shipment, proof.at)
        reason = f"{source} told who took it"
        for code in ("no_proof", "bad_image") if clean else ():
            resolve_cases(
                subject_type="shipment", subject_id=str(shipment.pk), resolution=Resolution.BY_EVENT, reason=reason,
                code=code,
            )  # fmt: skip
        publish_order_fact(order, "order.delivery_proven", shipment=str(shipment.pk), proof=str(row.pk))
    return row


def kept_image(clean: CleanImage) -> ProofImage:
    """The row of the picture; the same picture is there once."""
    told = {"media_type": clean.media_type, "width": clean.width, "height": clean.height, "content": clean.content}
    return ProofImage.objects.get_or_create(sha256=clean.sha256, defaults=told)[0]


@transaction.atomic
def tell_bad_image(*, shipment_id: UUID, source: str, why: str) -> None:
    """One case: the proof came, its picture cannot be kept."""
    _open(Shipment.objects.get(pk=shipment_id), "shipment.bad_image", "bad_image", f"the picture of {source}: {why}")


def watch_proofs() -> int:
    """How many deliveries got a case now because nobody proved them in time; each gets one, ever."""
    if not settings.POD_DAYS:
        return 0
    return sum(_tell_unproven(row.pk) for row in list(unproven_deliveries(_due())[:500]))


@transaction.atomic
def _tell_unproven(shipment_id: UUID) -> bool:
    """Under the order's lock: the proof may come in this moment."""
    locked_order(Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id))
    shipment = unproven_deliveries(_due()).filter(pk=shipment_id).first()
    if shipment is None or shipment.delivered_at is None:
        return False
    day = f"{timezone.localtime(shipment.delivered_at):%d %b}"
    Shipment.objects.filter(pk=shipment.pk).update(proof_asked_at=database_now())
    _open(shipment, "shipment.no_proof", "no_proof", f"delivered on {day}, and nobody has told who took it")
    return True


def _due() -> dt.datetime:
    return database_now() - dt.timedelta(days=settings.POD_DAYS)


def _open(shipment: Shipment, kind: str, code: str, what: str) -> None:
    with correlated(shipment.correlation_id):
        open_case(
            kind=kind,
            code=code,
            subject_type="shipment",
            subject_id=str(shipment.pk),
            sentence=f"{shipment.order}, shipment {shipment.number}: {what}",
            **about(shipment.order),
            data={"order": str(shipment.order_id)},
        )
