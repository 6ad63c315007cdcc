"""What was agreed decides what is taken, how it is answered and how errors are treated: exact TA1 and 997."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from edi.models import Agreement, Document, FunctionalGroup
from edi.process.agreeing import agree_sets, check_options
from edi.queries.agreements import ack_owed, terms, wants, written_release
from exceptions.models import Case
from orders.models import Order, RulePolicy
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.mappings import mapped
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
GOOD, BAD = po("0001", "GOOD-1"), po("0002", "BAD-1", unit="??")


def agree(post: Post, **details: Any) -> None:
    """The partner's 850s under other terms."""
    agree_sets(partner=post.partner, direction="in", set_ids=["850"], **details)


def acks(post: Post) -> list[list[list[str]]]:
    """AK5 and AK9 of every 997 we sent."""
    return [[row for row in rows if row[0] in ("AK5", "AK9")] for rows in post.sets("997")]


def ta1s(post: Post) -> list[bytes]:
    """The TA1 of every file we sent that holds one."""
    return [part for content in post.fetched().values() for part in content.split(b"~") if part.startswith(b"TA1")]


POLICIES = {
    "reject_set": ([[["AK5", "A"], ["AK5", "R", "5"], ["AK9", "P", "2", "2", "1"]]], [], ["GOOD-1"]),
    "reject_group": ([[["AK5", "R", "5"], ["AK5", "R", "5"], ["AK9", "R", "2", "2", "0"]]], [], []),
    "accept_with_errors": (
        [[["AK5", "A"], ["AK5", "E"], ["AK9", "E", "2", "2", "2"]]], [], ["BAD-1", "GOOD-1"],
    ),
    "reject_interchange": ([], [b"TA1*000009001*261124*1200*R*024"], []),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "expected"), POLICIES.items(), ids=POLICIES)
def test_a_bad_set_takes_with_it_what_was_agreed(
    crestline: Post, catalogue: SandboxProcess, policy: str, expected: tuple[Any, Any, Any]
) -> None:
    agree(crestline, error_policy=policy)
    crestline.take(whole(group(GOOD, BAD)))
    found = (acks(crestline), ta1s(crestline), sorted(Order.objects.values_list("po_number", flat=True)))
    assert found == expected


@pytest.mark.parametrize("policy", ["reject_group", "reject_interchange", "accept_with_errors"])
def test_a_clean_interchange_is_the_same_under_every_policy(
    crestline: Post, catalogue: SandboxProcess, policy: str
) -> None:
    agree(crestline, error_policy=policy)
    crestline.take(whole(group(GOOD)))
    assert acks(crestline) == [[["AK5", "A"], ["AK9", "A", "1", "1", "1"]]]
    assert not Case.objects.exists()


def test_a_wrong_envelope_is_never_accepted_with_errors(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline, error_policy="accept_with_errors")
    crestline.take(whole(group(po().replace("SE*6*", "SE*9*"))))
    assert acks(crestline) == [[["AK5", "R", "4"], ["AK9", "R", "1", "1", "0"]]]
    assert not Order.objects.exists()


def test_a_bad_group_takes_only_its_own_group(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline, error_policy="reject_group")
    crestline.take(whole(group(GOOD, BAD), group(po(po_number="GOOD-2"), number="72")))
    assert [rows[-1] for rows in acks(crestline)] == [["AK9", "R", "2", "2", "0"], ["AK9", "A", "1", "1", "1"]]
    assert list(Order.objects.values_list("po_number", flat=True)) == ["GOOD-2"]


@pytest.mark.parametrize(
    ("policy", "codes", "placed"), [("ignore", "A", 1), ("note", "A", 1), ("refuse", "R", 0)]
)  # fmt: skip
def test_a_wrong_line_count_means_what_was_agreed(
    crestline: Post, catalogue: SandboxProcess, policy: str, codes: str, placed: int
) -> None:
    agree(crestline, ctt_policy=policy)
    crestline.take(whole(group(po().replace("CTT*1~", "CTT*4~"))))
    assert acks(crestline)[0][0][1] == codes
    assert Order.objects.count() == placed
    if policy == "refuse":
        detail = [row for row in crestline.sets("997")[0] if row[0] in ("AK3", "AK4")]
        assert detail == [["AK3", "CTT", "5", "", "8"], ["AK4", "1", "354", "7", "4"]]


def test_without_an_acknowledgment_agreed_none_is_sent_and_none_is_awaited(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    agree(crestline, ack="none")
    agree_sets(partner=crestline.partner, direction="out", set_ids=["855"], ack="none")
    crestline.take(whole(group(GOOD)))
    assert [d.set_id for d in Document.objects.filter(direction="out")] == ["855"]
    assert set(FunctionalGroup.objects.values_list("ack_state", flat=True)) == {"none"}


def test_a_release_that_was_not_agreed_is_refused_and_a_neighbour_taken_where_agreed(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    agree(crestline, releases=["005010"])
    crestline.take(whole(group(GOOD), number="000009101"))
    agree(crestline, releases=["004010"], options={"neighbours": True})
    crestline.take(whole(group(po(po_number="GOOD-2"), version="004030VICS"), number="000009102"))
    agree(crestline, options={})
    crestline.take(whole(group(po(po_number="GOOD-3"), version="004030"), number="000009103"))
    assert [rows[-1] for rows in acks(crestline)] == [
        ["AK9", "R", "1", "1", "0", "2"],
        ["AK9", "A", "1", "1", "1"],
        ["AK9", "R", "1", "1", "0", "2"],
    ]
    assert list(Order.objects.values_list("po_number", flat=True)) == ["GOOD-2"]
    answered = FunctionalGroup.objects.filter(functional_id="FA", interchange__direction="out")
    assert sorted(answered.values_list("release", flat=True)) == ["004010", "004010", "004010"]


def test_a_ta1_answers_in_the_release_of_what_it_answers(brightway: Post) -> None:
    content = brightway.order(("FST-10001", "10", "0.42")).replace(b"*NORTHLINE ", b"*SOMEBODY  ".ljust(11))
    brightway.take(content)
    [sent] = [c for c in brightway.fetched().values() if b"TA1*" in c]
    assert sent[84:89] == b"00501"


def test_their_units_and_places_are_ours_inside_and_theirs_again_in_every_answer(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    mapped("partner:CRESTLINE", "unit", "CS", "EA")
    mapped("partner:CRESTLINE", "ship_to", "STORE-9", "0117")
    crestline.take(whole(group(po(unit="CS").replace("*92*0117~", "*92*STORE-9~"))))
    order = Order.objects.get()
    assert (order.status, order.lines.get().unit) == ("confirmed", "EA")
    assert order.ship_to is not None
    [answer] = crestline.sets("855")
    assert [row[3] for row in answer if row[0] in ("PO1", "ACK")] == ["CS", "CS"]
    assert [row[4] for row in answer if row[0] == "N1" and row[1] == "ST"] == ["STORE-9"]


def test_item_numbers_go_out_in_the_order_the_partner_wants(crestline: Post, catalogue: SandboxProcess) -> None:
    agree_sets(
        partner=crestline.partner, direction="out", set_ids=["855"], options={"item_qualifiers": ["VN", "UP"]}
    )  # fmt: skip
    crestline.take(whole(group(GOOD)))
    [line] = [row for row in crestline.sets("855")[0] if row[0] == "PO1"]
    assert line[6::2] == ["VN", "UP"]


@pytest.mark.parametrize(("percent", "status"), [(None, "held"), ("30", "confirmed"), ("5", "held")])
def test_the_agreed_price_tolerance_is_what_the_rules_go_by(
    crestline: Post, catalogue: SandboxProcess, percent: str | None, status: str
) -> None:
    agree(crestline, options={"price_tolerance": percent} if percent else {})
    crestline.take(crestline.order(("FST-10001", "10", "0.50")))
    assert Order.objects.get().status == status
    agree(crestline, options={})
    assert not RulePolicy.objects.filter(account=crestline.partner.account, data__has_key="tolerance_percent").exists()


def test_agreements_are_read_once_per_partner(crestline: Post) -> None:
    partner = type(crestline.partner).objects.get(pk=crestline.partner.pk)
    with CaptureQueriesContext(connection) as queries:
        assert wants(partner, "855")
        assert not wants(partner, "846")
        assert ack_owed(partner, ["850"]) == "997"
        assert written_release(partner, "856") == "004010"
        assert terms(partner, "out", "856").asn_structure == "0001"
    assert len(queries) == 1


def test_options_that_nobody_could_read_are_refused_by_name() -> None:
    for options, said in [
        ({"price_tolerance": "much"}, "'much' is not a number"),
        ({"price_tolerance": 101}, "not between 0 and 100"),
        ({"asn_structure": "9"}, "not one of 0001"),
        ({"neighbours": "yes"}, "true or false"),
        ({"item_qualifiers": "UP"}, "a list of texts"),
        ({"item_qualifiers": ["UP", "UP"]}, "twice"),
        ({"colour": 1}, "no option 'colour'"),
    ]:
        with pytest.raises(ValueError, match=said):
            check_options(options)
    assert check_options({}) == Agreement().terms
