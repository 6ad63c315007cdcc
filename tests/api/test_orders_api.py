"""Orders by API: the same intake as all, once per key, and nothing of other accounts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exceptions.models import Case
from orders.models import Intake, Order
from tests.api.conftest import Caller, order_body
from tests.at_once import at_once
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_an_order_is_placed_at_contract_price_and_the_repeat_is_answered_alike(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    first = crm.place(order_body("CRM-1"), key="crm-key-1")
    again = crm.place(order_body("CRM-1"), key="crm-key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.headers["Idempotent-Replayed"], again.content) == ("true", first.content), "byte for byte"
    assert first.json() == again.json()
    body = first.json()
    assert (body["status"], body["account"], body["channel"], body["findings"]) == ("accepted", "HARBOR", "crm", [])
    [line] = body["lines"]
    assert (line["sku"], Decimal(line["unit_price"]), Decimal(line["amount"])) == (
        "FST-10001",
        Decimal("0.48"),
        Decimal("4.80"),
    )
    assert Order.objects.count() == 1


def test_the_same_key_with_another_order_is_refused_and_places_nothing(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    crm.place(order_body("CRM-1"), key="crm-key-1")
    other = crm.place(order_body("CRM-2"), key="crm-key-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_without_a_key_nothing_is_placed(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    answer = caller().place(order_body("CRM-1"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "Idempotency-Key" in answer.json()["detail"]
    assert Order.objects.count() == 0


def test_the_same_po_is_the_same_order_and_other_content_is_a_conflict_with_one_case(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    first = crm.place(order_body("CRM-1"), key="crm-key-1")
    same = crm.place(order_body("crm 1"), key="crm-key-2")
    assert (same.status_code, same.json()["number"]) == (200, first.json()["number"])
    for _ in range(2):
        other = crm.place(order_body("CRM-1", {"sku": "FST-10001", "quantity": "11"}), key="crm-key-3")
        assert (other.status_code, other.json()["code"]) == (409, "po_conflict")
    assert Order.objects.count() == 1
    assert Case.objects.filter(kind="order.duplicate_po").count() == 1


def test_fields_that_do_not_fit_are_named(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    bad = order_body("X" * 40, {"quantity": "-1"}, {"sku": "FST-10001", "quantity": "ten"})
    answer = caller().place(bad, key="crm-key-1")
    assert answer.status_code == 400
    fields = answer.json()["fields"]
    assert set(fields) == {"po_number", "lines"}
    assert set(fields["lines"]["0"]) == {"quantity"}
    assert set(fields["lines"]["1"]) == {"quantity"}
    assert Intake.objects.count() == 0


def test_a_body_that_is_no_json_is_a_clear_refusal(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    answer = caller().place("{", key="crm-key-1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_wrong_price_is_taken_held_with_its_finding(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    line = {"sku": "FST-10001", "quantity": "10", "unit_price": "0.40"}
    answer = caller().place(order_body("CRM-1", line), key="crm-key-1")
    assert (answer.status_code, answer.json()["status"]) == (201, "held")
    [finding] = answer.json()["findings"]
    assert (finding["code"], finding["action"], finding["line_no"]) == ("price_differs", "hold", "1")
    assert Case.objects.get().kind == "order.price_differs"


def test_a_key_of_one_account_cannot_order_for_or_see_another(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    number = caller().place(order_body("CRM-1"), key="crm-key-1").json()["number"]
    stranger = caller("SUMMIT")
    placed = stranger.place(order_body("CRM-2"), key="sum-key-1")
    assert (placed.status_code, placed.json()["code"]) == (404, "unknown_account")
    assert stranger.get(f"orders/{number}").status_code == 404
    assert stranger.get("orders").json()["results"] == []
    assert caller("HARBOR").get(f"orders/{number}").json()["po_number"] == "CRM-1"
    assert Order.objects.count() == 1


def test_an_unknown_account_and_no_account_are_told_apart(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    unknown = crm.place(order_body("CRM-1", account="NOBODY"), key="crm-key-1")
    missing = crm.place({**order_body("CRM-1"), "account": ""}, key="crm-key-2")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_account")
    assert missing.status_code in (400, 422)
    # A refused request frees its key: the corrected one may use it.
    assert crm.place(order_body("CRM-1"), key="crm-key-1").status_code == 201


def test_a_key_without_the_scope_or_no_key_gets_nothing(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    reader = caller(scopes=("orders:read",))
    assert reader.place(order_body("CRM-1"), key="crm-key-1").status_code == 403
    assert reader.get("items").status_code == 403
    assert Caller("nonsense").get("orders").status_code == 401
    assert Order.objects.count() == 0


def test_the_list_is_filtered_and_costs_the_same_for_many(
    synced: SandboxProcess, caller: Callable[..., Caller], django_assert_max_num_queries: Callable[..., object]
) -> None:
    crm = caller()
    for n in range(6):
        price = {"unit_price": "0.40"} if n % 2 else {}
        crm.place(order_body(f"CRM-{n}", {"sku": "FST-10001", "quantity": "1", **price}), key=f"crm-key-{n}")
    with django_assert_max_num_queries(6):
        held = crm.get("orders", status="held").json()["results"]
    assert [o["po_number"] for o in held] == ["CRM-5", "CRM-3", "CRM-1"]
    assert crm.get("orders", account="SUMMIT").json()["results"] == []
    assert crm.get("orders", status="nonsense").status_code == 400


def test_an_order_of_400_lines_is_taken_whole(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    lines = [{"sku": "FST-10001", "quantity": "1", "line_no": f"L{n}"} for n in range(400)]
    answer = caller().place(order_body("CRM-1", *lines), key="crm-key-1")
    assert (answer.status_code, len(answer.json()["lines"])) == (201, 400)
    assert Decimal(answer.json()["total"]) == Decimal("184.00"), "400 of one item earn the rung of 400"
    too_many = caller().place(order_body("CRM-2", *(lines * 3)), key="crm-key-2")
    assert too_many.status_code == 400


def test_nothing_and_a_part_of_a_piece_cannot_be_ordered(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    crm = caller()
    assert crm.place(order_body("CRM-1", {"sku": "FST-10001", "quantity": "0"}), key="crm-key-1").status_code == 400
    part = crm.place(order_body("CRM-2", {"sku": "FST-10001", "quantity": "0.5"}), key="crm-key-2").json()
    assert (part["status"], part["findings"][0]["code"]) == ("held", "quantity_invalid")


def test_numbers_that_are_no_order_numbers_are_not_found(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    for number in ("²", "SO-", "0", "9" * 40, "-1"):
        assert caller().get(f"orders/{number}").status_code == 404, number


def test_the_answer_to_a_hundred_lines_costs_as_many_queries_as_to_one(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm, reads = caller(), []
    for count in (1, 100):
        lines = [{"sku": "FST-10001", "quantity": "1", "line_no": f"L{n}"} for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            crm.place(order_body(f"CRM-{count}", *lines), key=f"crm-key-{count}")
        reads.append(sum('FROM "inventory_item"' in q["sql"] for q in queries.captured_queries))
    assert reads[0] == reads[1]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([{"sku": "FST-10001", "quantity": "10"}, {"upc": "812345000016", "quantity": "2.000"}], "accepted"),
        ([{"sku": "FST-10001", "quantity": "0.5"}, {"sku": "NO-SUCH-ITEM", "quantity": "3"}], "held"),
    ],
)
def test_a_new_order_is_told_as_it_is_read_afterwards_and_is_not_read_for_that(
    synced: SandboxProcess, caller: Callable[..., Caller], lines: list[dict[str, str]], status: str
) -> None:
    crm = caller()
    with CaptureQueriesContext(connection) as queries:
        told = crm.place(order_body("CRM-1", *lines, requested_on="2031-05-04"), key="crm-key-1")
    assert [q["sql"] for q in queries.captured_queries if 'FROM "orders_orderline"' in q["sql"]] == []
    read = crm.get(f"orders/{told.json()['number']}")
    assert (told.status_code, told.json()["status"], len(told.json()["lines"])) == (201, status, 2)
    assert told.json() == read.json()
    assert told.headers["ETag"] == read.headers["ETag"]


@pytest.mark.django_db(transaction=True)
def test_eight_requests_with_one_key_at_once_are_one_order(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    answers = at_once(*[lambda: crm.place(order_body("CRM-1"), key="crm-key-1").status_code] * 8)
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Order.objects.count() == Intake.objects.count() == 1


@pytest.mark.django_db
def test_a_moment_may_have_any_offset_and_must_be_one(caller: Callable[..., Caller]) -> None:
    for path, name in (("orders", "placed_since"), ("shipments", "shipped_since")):
        assert caller().get(path, **{name: "2026-05-04T10:00:00-16:35"}).status_code == 200
        assert caller().get(path, **{name: "0001-01-01T00:00:00+16:35"}).status_code == 422
