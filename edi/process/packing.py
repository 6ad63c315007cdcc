"""Give every carton and pallet of a shipment its SSCC-18, once: label, 856 and each repeat of them say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.shipments import Carton, Pallet, Shipment
from distportal.common.sequences import next_number
from edi.choices import UnitKind
from edi.documents.sscc import plain_sscc, sscc18
from edi.models import LogisticUnit
from edi.process.sharing import share_unit
from edi.queries.facts import shipment_of
from edi.queries.units import Part, booked_parts, codes_of

_SERIAL = "edi_sscc_serial"


@transaction.atomic
def coded_shipment(*, shipment_id: UUID) -> Shipment:
    """The shipment with the SSCC-18 of each carton that holds a line and of each pallet; again, the same codes.

    A code that the ERP gave, or the warehouse that the ERP books as told, is kept; shipments of one load share those of
    what holds goods of both. Raises WriteError for one that is none, CodeTaken for one that something else bears.
    """
    codes = codes_of(shipment_id)
    fact = from_json(Shipment, shipment_of(shipment_id=shipment_id).canonical)
    fact = _as_packed(fact, booked_parts(shipment_id), set(codes.values()))
    cartons, pallets = _cartons(fact), list(fact.pallets)
    wanted: list[tuple[UnitKind, Carton | Pallet]] = [(UnitKind.CARTON, one) for one in cartons]
    wanted += [(UnitKind.PALLET, one) for one in pallets]
    missing = [(kind, one) for kind, one in wanted if (kind, one.number) not in codes]
    if missing:
        LogisticUnit.objects.bulk_create(
            [
                LogisticUnit(shipment_id=shipment_id, kind=kind, number=one.number, sscc=_code(one))
                for kind, one in missing
            ],
            ignore_conflicts=True,
        )
        # Two that code the same shipment at once agree on what was written first.
        codes = codes_of(shipment_id)
    taken = [(kind, one) for kind, one in wanted if (kind, one.number) not in codes]
    for kind, one in taken:
        share_unit(shipment_id=shipment_id, kind=kind, unit=one)
    codes = codes_of(shipment_id) if taken else codes
    return replace(
        fact,
        packed=tuple(replace(one, sscc=codes[UnitKind.CARTON, one.number]) for one in cartons),
        pallets=tuple(replace(one, sscc=codes[UnitKind.PALLET, one.number]) for one in pallets),
    )


def _as_packed(fact: Shipment, parts: Sequence[Part], given: set[str]) -> Shipment:
    """The cartons as the warehouse packed and labelled them, where it told every one, the ERP tells no codes, and no
    others were given out before the warehouse told.
    """
    ssccs = list(dict.fromkeys(sscc for _, _, sscc, _ in parts))
    lines = {line.order_line_no: line for line in fact.lines}
    told = any(one.sscc for one in fact.packed) or bool(fact.pallets)
    if not parts or told or "" in ssccs or any(line_no not in lines for line_no, _, _, _ in parts):
        return fact
    if given and given != set(ssccs):
        return fact
    return replace(
        fact,
        cartons=len(ssccs),
        packed=tuple(Carton(number=at, sscc=sscc) for at, sscc in enumerate(ssccs, 1)),
        lines=tuple(
            replace(lines[line_no], quantity=quantity, carton=ssccs.index(sscc) + 1, lot=lot or lines[line_no].lot)
            for line_no, quantity, sscc, lot in parts
        ),
    )


def _cartons(fact: Shipment) -> list[Carton]:
    """What is told of each carton that holds a line; of most only the number."""
    told = {one.number: one for one in fact.packed}
    return [told.get(number, Carton(number=number)) for number in sorted({line.carton for line in fact.lines})]


def new_sscc() -> str:
    """An SSCC-18 that was never given before. Raises WriteError when the prefix is used up."""
    return sscc18(settings.GS1_COMPANY_PREFIX, next_number(_SERIAL), extension=settings.GS1_EXTENSION_DIGIT)


def _code(unit: Carton | Pallet) -> str:
    return plain_sscc(unit.sscc) if unit.sscc else new_sscc()
