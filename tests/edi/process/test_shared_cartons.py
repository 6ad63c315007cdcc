"""A carton or pallet with goods of two orders: one code in one notice of the load, or a refusal with what to do."""

from __future__ import annotations

from functools import partial

import pytest
from django.db.models.functions import Now

from distportal.canonical.shipments import Carton, Pallet
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.documents.sscc import plain_sscc, sscc18
from edi.errors import CodeTaken
from edi.models import Departure, LogisticUnit, SharedUnit
from edi.process.departing import announce_departure
from edi.process.labels import shipment_labels
from edi.process.packing import coded_shipment
from exceptions.models import Case
from orders.models import Order, Shipment
from tests.at_once import at_once
from tests.edi.conftest import Post
from tests.edi.documents.pdf_pages import words
from tests.edi.process.departures import depart
from tests.edi.process.test_departures import LOAD, agree, leave, orders, tree, values
from tests.sandbox import SandboxProcess

MIXED, OWN, PALLET = (sscc18("0614141", n) for n in (801, 802, 803))
BOTH = {"packed": (Carton(number=1, sscc=MIXED),)}


def both_depart(one: Order, two: Order) -> list[Shipment]:
    """Carton 2 of the first order is carton 1 of the second, all on one pallet."""
    first = {
        "packed": (Carton(number=1, pallet=1, sscc=OWN), Carton(number=2, pallet=1, sscc=MIXED)),
        "pallets": (Pallet(number=1, sscc=PALLET),),
    }
    second = {"packed": (Carton(number=1, pallet=1, sscc=MIXED),), "pallets": (Pallet(number=1, sscc=PALLET),)}
    return [
        depart(one, ("1", "60", 1), ("1", "40", 2), number="80001", **LOAD, **first),
        depart(two, ("1", "100", 1), number="80002", **LOAD, **second),
    ]


@pytest.mark.django_db
def test_a_carton_and_a_pallet_of_two_orders_are_one_thing_in_one_notice(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    agree(crestline)
    crestline.partner.asn_pallets = True
    crestline.partner.save()
    shipments = both_depart(*orders(crestline, "CR-1", "CR-2"))
    leave()
    [notice] = crestline.sets("856")
    assert (tree(notice), values(notice, "PRF", 1)) == ("SOTPIPIOTPI", ["CR-1", "CR-2"])
    assert values(notice, "MAN", 2) == [f"00{code}" for code in (PALLET, OWN, MIXED, PALLET, MIXED)]
    assert [row[1:3] for row in notice if row[0] == "TD1"] == [["CTN", "2"], ["PLT", "1"]], "each counts once"
    assert set(LogisticUnit.objects.values_list("sscc", flat=True)) == {MIXED, OWN, PALLET}
    assert set(SharedUnit.objects.values_list("unit__sscc", "number")) == {(MIXED, 1), (PALLET, 1)}
    assert not Case.objects.exists()
    for shipment in shipments:
        pages = [text.replace("\\", "") for text in words(shipment_labels(shipment_id=shipment.pk))]
        assert MIXED in [plain_sscc(text) for text in pages if text.startswith("(00)")]
        assert "PO CR-1, CR-2" in pages, "its label names both orders"
    leave()
    assert len(crestline.sets("856")) == 1


@pytest.mark.django_db
def test_who_takes_a_notice_for_each_order_gets_the_first_and_we_are_told_what_to_do(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    one, two = orders(crestline, "CR-1", "CR-2")
    depart(one, ("1", "100", 1), number="80001", **LOAD, **BOTH)
    second = depart(two, ("1", "100", 1), number="80002", **LOAD, **BOTH)
    with pytest.raises(CodeTaken) as refused:
        coded_shipment(shipment_id=second.pk)
    assert f"{MIXED}, which is on another shipment: carton 1 of 80001, PO CR-1" in refused.value.message
    assert "Agree on one notice for a load (asn_scope)" in refused.value.message
    assert refused.value.message.endswith("Nothing was sent.")
    assert [values(notice, "PRF", 1) for notice in crestline.sets("856")] == [["CR-1"]]
    assert not SharedUnit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "told"),
    [({"bill_of_lading": "BOL-8"}, "not on one load"), ({}, "announced already")],
    ids=["another load", "too late"],
)
def test_what_did_not_go_together_is_not_one_carton(
    crestline: Post, catalogue: SandboxProcess, other: dict[str, str], told: str
) -> None:
    agree(crestline)
    one, two = orders(crestline, "CR-1", "CR-2")
    depart(one, ("1", "100", 1), number="80001", **LOAD, **BOTH)
    leave()
    second = depart(two, ("1", "100", 1), number="80002", **LOAD | other, **BOTH)
    for _ in range(14):
        leave()
    with pytest.raises(CodeTaken, match=told):
        coded_shipment(shipment_id=second.pk)
    assert [values(notice, "PRF", 1) for notice in crestline.sets("856")] == [["CR-1"]]
    [case] = Case.objects.all()
    assert told in str(case.data) + case.sentence


@pytest.mark.django_db
def test_one_code_on_two_things_is_no_shared_carton(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline)
    one, two = orders(crestline, "CR-1", "CR-2")
    twice = {"packed": (Carton(number=1, sscc=MIXED), Carton(number=2, sscc=MIXED))}
    wrong = depart(one, ("1", "60", 1), ("1", "40", 2), number="80001", **LOAD, **twice)
    with pytest.raises(CodeTaken, match="names two things"):
        coded_shipment(shipment_id=wrong.pk)
    depart(two, ("1", "100", 1), number="80002", **LOAD, **BOTH)
    leave()
    [notice] = crestline.sets("856")
    assert values(notice, "PRF", 1) == ["CR-2"], "the other order of the load goes its way"


@pytest.mark.django_db(transaction=True)
def test_labels_and_notice_at_once_share_once(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline)
    shipments = both_depart(*orders(crestline, "CR-1", "CR-2"))
    asked = [partial(shipment_labels, shipment_id=row.pk) for row in shipments for _ in range(3)]
    at_once(*asked, partial(announce_departure, departure_id=Departure.objects.get().pk))
    Job.objects.filter(state="ready").update(next_at=Now())
    work_until_idle()
    [notice] = crestline.sets("856")
    assert values(notice, "MAN", 2).count(f"00{MIXED}") == 2
    assert (LogisticUnit.objects.filter(sscc=MIXED).count(), SharedUnit.objects.filter(unit__sscc=MIXED).count()) == (
        1,
        1,
    )
