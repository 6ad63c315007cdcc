"""Changes, shipments, invoices, disputes, returns and papers by API: what the portal allows, and nothing of others."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from distportal.accounts.choices import Scope
from distportal.events.models import IdempotencyKey
from inventory.models import Item
from orders.models import ChangeRequest, Dispute, Invoice, Order, ProofImage, ProofOfDelivery, Return, Shipment
from tests.api.conftest import Caller, order_body
from tests.at_once import at_once
from tests.conftest import Cast
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
EVERY = tuple(Scope)


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Of Harbor, issued today: two lines of goods."""
    today = timezone.localdate()
    row = an_invoice(cast.harbor, "INV-API-1", "10.00", "20.00", issued_on=today, due_on=today)
    told = {"name": "Bolt", "code_norm": "API1", "list_price": 1, "as_of": timezone.now()}
    item, _ = Item.objects.get_or_create(sku="API-1", defaults=told)
    row.lines.update(item=item)
    return row


def placed(caller: Callable[..., Caller], po: str = "API-1") -> tuple[Caller, str, str]:
    """A caller of Harbor with an order of two lines, and its ETag."""
    harbor = caller("HARBOR", scopes=EVERY, channel="api")
    lines = [{"sku": "FST-10001", "quantity": "10"}, {"sku": "FST-10001", "quantity": "5"}]
    number = harbor.place(order_body(po, *lines), key=f"place-{po}").json()["number"]
    return harbor, number, harbor.get(f"orders/{number}").headers["ETag"]


def test_an_order_is_changed_on_the_version_that_was_read_and_then_cancelled(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    harbor, number, etag = placed(caller)
    less, path = {"lines": [{"line_no": "1", "quantity": "4"}]}, f"orders/{number}/changes"
    assert harbor.post(path, less, key="change-1").status_code == 428
    done = harbor.post(path, less, key="change-1", etag=etag)
    assert (done.status_code, done.json()["status"], done.json()["order"]) == (201, "applied", number)
    stale = harbor.post(path, {"lines": [{"line_no": "2", "quantity": "1"}]}, key="change-2", etag=etag)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")
    again = harbor.post(path, less, key="change-1", etag=etag)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    order = harbor.get(f"orders/{number}")
    assert [Decimal(line["quantity"]) for line in order.json()["lines"]] == [4, 5]
    assert order.headers["ETag"] == done.headers["ETag"] != etag
    more = {"lines": [{"line_no": "1", "quantity": "99"}]}
    refused = harbor.post(path, more, key="change-3", etag=order.headers["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "change_not_possible")
    ended = harbor.post(f"orders/{number}/cancellation", {}, key="cancel-1", etag=order.headers["ETag"])
    assert (ended.status_code, ended.json()["purpose"]) == (201, "cancellation")
    assert harbor.get(f"orders/{number}").json()["status"] == "cancelled"
    assert [row["status"] for row in harbor.get(path).json()] == ["applied", "applied"]
    stranger = caller("SUMMIT", scopes=EVERY)
    for tried in (path, f"orders/{number}/cancellation"):
        assert stranger.post(tried, less, key="strange-1", etag=order.headers["ETag"]).status_code == 404
    assert stranger.get(path).status_code == stranger.get(f"orders/{number}/documents").status_code == 404
    assert ChangeRequest.objects.count() == 2


def test_a_star_is_whichever_version_is_there_and_a_list_any_of_its_versions(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    harbor, number, etag = placed(caller)
    path = f"orders/{number}/changes"
    for key, told, quantity in (
        ("change-1", '"old", W/' + etag, "4"),
        ("change-2", "*", "3"),
        ("change-3", " * ", "2"),
    ):
        done = harbor.post(path, {"lines": [{"line_no": "1", "quantity": quantity}]}, key=key, etag=told)
        assert (done.status_code, done.json()["status"]) == (201, "applied"), told
    none_of_them = {"lines": [{"line_no": "1", "quantity": "1"}]}
    assert harbor.post(path, none_of_them, key="change-4", etag=f'"old", {etag}').status_code == 412
    assert [line["quantity"] for line in harbor.get(f"orders/{number}").json()["lines"]] == ["2.000", "5.000"]
    now = done.headers["ETag"]
    for told, status in (("*", 304), (f'"old", W/{now}', 304), (f"{now[:-2]}", 200), (etag, 200)):
        assert harbor.get(f"orders/{number}", known=told).status_code == status, told
    stranger = caller("SUMMIT", scopes=EVERY)
    assert stranger.post(path, none_of_them, key="strange-1", etag="*").status_code == 404
    assert ChangeRequest.objects.count() == 3


def test_a_change_whose_answer_was_lost_is_answered_as_done(
    synced: SandboxProcess, caller: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    harbor, number, etag = placed(caller)

    def lost(*_: Any, **__: Any) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr("distportal.web.api.idempotency.store_answer", lost)
        with pytest.raises(ConnectionResetError):
            harbor.post(f"orders/{number}/cancellation", {}, key="cancel-1", etag=etag)
    IdempotencyKey.objects.update(locked_until=timezone.now())  # its lease has passed
    again = harbor.post(f"orders/{number}/cancellation", {}, key="cancel-1", etag=etag)
    assert (again.status_code, again.json()["status"]) == (201, "applied")
    assert ChangeRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_one_version_at_once_one_is_made(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    harbor, number, etag = placed(caller)

    def ask(quantity: str) -> Callable[[], int]:
        body = {"lines": [{"line_no": "1", "quantity": quantity}]}
        return lambda: int(
            harbor.post(f"orders/{number}/changes", body, key=f"change-{quantity}", etag=etag).status_code
        )

    assert sorted(at_once(ask("4"), ask("3"))) == [201, 412]
    assert ChangeRequest.objects.count() == 1
    assert Order.objects.get().version == 2


def test_shipments_proofs_and_papers_are_read_by_their_account_alone(
    synced: SandboxProcess, caller: Callable[..., Caller], invoice: Invoice
) -> None:
    harbor, number, _ = placed(caller)
    order = Order.objects.get()
    Invoice.objects.filter(pk=invoice.pk).update(order=order)
    shipment = Shipment.objects.create(
        number="SH-1", order=order, shipped_at=timezone.now(), carrier="BRF", tracking_number="T-1", canonical={},
        erp_id="s1", erp_version="1", correlation_id=order.correlation_id,
    )  # fmt: skip
    image = ProofImage.objects.create(sha256="a" * 64, media_type="image/png", width=1, height=1, content=b"PNG")
    proof = ProofOfDelivery.objects.create(
        shipment=shipment, source_key="t:1", signed_by="M. Ortiz", delivered_at=timezone.now(), image=image, source="t"
    )
    told = harbor.get("shipments/SH-1").json()
    assert (told["order"], told["proofs"][0]["signed_by"]) == (number, "M. Ortiz")
    assert [row["number"] for row in harbor.get("shipments", po_number="API-1").json()["results"]] == ["SH-1"]
    papers = harbor.get(f"orders/{number}/documents").json()
    assert [(paper["kind"], paper["number"]) for paper in papers] == [
        ("invoice", "INV-API-1"), ("proof_of_delivery", "SH-1"),
    ]  # fmt: skip
    files = [harbor.get(paper["url"].removeprefix("/api/v1/")) for paper in papers]
    assert [file.headers["Content-Type"] for file in files] == ["application/pdf", "image/png"]
    assert files[0].content.startswith(b"%PDF")
    statement = harbor.get("statements/pdf")
    assert (statement.status_code, statement.content[:4]) == (200, b"%PDF")
    assert harbor.get("statements/pdf", since="soon").status_code == 422
    orders_only = caller("HARBOR", scopes=(Scope.ORDERS_READ,)).get(f"orders/{number}/documents").json()
    assert [paper["kind"] for paper in orders_only] == ["proof_of_delivery"]
    stranger = caller("SUMMIT", scopes=EVERY)
    for path in ("shipments/SH-1", f"proofs/{proof.pk}/image", "invoices/INV-API-1", "invoices/INV-API-1/pdf"):
        assert stranger.get(path).status_code == 404, path
    for path in ("shipments", "invoices", "disputes", "returns"):
        assert stranger.get(path).json()["results"] == [], path
    assert stranger.get("statements/pdf", account="HARBOR").status_code == 404


def test_an_invoice_tells_what_is_open_and_a_dispute_of_it_is_opened_once(
    cast: Cast, caller: Callable[..., Caller], invoice: Invoice
) -> None:
    harbor = caller("HARBOR", scopes=EVERY)
    body: dict[str, Any] = {
        "invoice": "INV-API-1", "reason": "freight", "note": "No freight was agreed",
        "lines": [{"position": 1, "amount": "4.00"}],
    }  # fmt: skip
    opened = harbor.post("disputes", body, key="dispute-1")
    assert (opened.status_code, opened.json()["amount_claimed"], opened.json()["status"]) == (201, "4.00", "submitted")
    assert harbor.post("disputes", body, key="dispute-1").json() == opened.json()
    told = harbor.get("invoices/INV-API-1").json()
    assert (told["total"], told["open"], told["due"]) == ("30.00", "30.00", "26.00")
    too_much = harbor.post("disputes", {**body, "lines": [{"position": 1, "amount": "7.00"}]}, key="dispute-2")
    assert (too_much.status_code, too_much.json()["code"]) == (422, "dispute_refused")
    photo = harbor.post("disputes", {**body, "reason": "damaged", "lines": [{"position": 2}]}, key="dispute-3")
    assert "photo" in photo.json()["detail"]
    for line in ({"position": 9}, {"position": 2, "amount": "NaN"}):
        assert harbor.post("disputes", {**body, "lines": [line]}, key="dispute-4").status_code in (400, 422)
    stranger = caller("SUMMIT", scopes=EVERY)
    assert stranger.post("disputes", body, key="dispute-1").status_code == 404
    assert stranger.get(f"disputes/{opened.json()['number']}").status_code == 404
    assert Dispute.objects.get().opened_name == "HARBOR"
    Dispute.objects.update(status="waiting_approval", amount_approved=Decimal("3.00"), decision_reason="As proposed")
    seen = harbor.get(f"disputes/{opened.json()['number']}").json()
    assert (seen["status"], seen["amount_approved"], seen["decision_reason"]) == ("in_review", None, "")


def test_a_return_is_asked_for_once_with_its_picture_and_withdrawn(
    cast: Cast, caller: Callable[..., Caller], invoice: Invoice
) -> None:
    harbor, line = caller("HARBOR", scopes=EVERY), {"invoice": "INV-API-1", "position": 1, "quantity": "1"}
    bare = harbor.post("returns", {"lines": [{**line, "reason": "DA"}]}, key="return-1")
    assert (bare.status_code, bare.json()["code"]) == (422, "return_refused")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    photos = [base64.b64encode(picture.getvalue()).decode()]
    asked = harbor.post("returns", {"lines": [{**line, "reason": "DA"}], "photos": photos}, key="return-1")
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    row = Return.objects.get()
    assert (row.photos.count(), row.requested_name, row.requested_by) == (1, "HARBOR", None)
    number = asked.json()["number"]
    assert (
        harbor.post("returns", {"lines": [{**line, "quantity": "2", "reason": "EI"}]}, key="return-2").status_code
        == 422
    )
    assert harbor.get(f"returns/{number}/label").status_code == 404, "not approved yet"
    stranger = caller("SUMMIT", scopes=EVERY)
    assert stranger.post("returns", {"lines": [{**line, "reason": "EI"}]}, key="return-1").status_code == 404
    etag = asked.headers["ETag"]
    assert stranger.post(f"returns/{number}/withdrawal", {}, key="return-3", etag=etag).status_code == 404
    assert harbor.post(f"returns/{number}/withdrawal", {}, key="return-3", etag='"old"').status_code == 412
    ended = harbor.post(f"returns/{number}/withdrawal", {}, key="return-4", etag="*")
    assert (ended.status_code, ended.json()["status"]) == (200, "withdrawn")
    assert Return.objects.count() == 1


def test_a_body_that_is_huge_is_refused_before_it_is_read(cast: Cast, caller: Callable[..., Caller]) -> None:
    harbor = caller("HARBOR", scopes=EVERY)
    answer = harbor.post("returns", {"lines": []}, key="huge-0001", size=46 * 1024 * 1024)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    assert not IdempotencyKey.objects.exists()
