"""What a claim needs is sent with it or later: comment always, a photo of each damaged line, nothing lost."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from distportal.threads.subjects import subject_of
from distportal.uploads.models import StoredFile
from orders.choices import DisputeStatus
from orders.models import Dispute, Invoice, InvoiceLine
from orders.process.dispute_work import ask_dealer, take_dispute
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice
from tests.threads.saying import a_pdf, a_picture, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Two lines, of 10 and 4 pieces."""
    row = an_invoice(cast.harbor, "I1", "100", "20", issued_on=timezone.localdate())
    for position, quantity, name in ((1, 10, "Vase"), (2, 4, "Lamp")):
        line = InvoiceLine.objects.filter(invoice=row, position=position)
        line.update(quantity=quantity, unit_price=10 if position == 1 else 5, description=name)
    return row


def lines(invoice: Invoice) -> list[int]:
    return list(invoice.lines.order_by("position").values_list("pk", flat=True))


def sent(client: Any, invoice: Invoice, reason: str, *picked: int, note: str = "Crushed", **more: Any) -> Any:
    form = {"token": str(uuid.uuid4()), "reason": reason, "note": note, **{f"line.{pk}": "1" for pk in picked}, **more}
    return client.post(f"/invoices/{invoice.number}/dispute/", form)


def proven(dispute: Dispute) -> list[tuple[str, str]]:
    return list(dispute.evidence.exclude(actor="found by itself").values_list("item", "words"))


def test_a_comment_is_needed_always(cast: Cast, invoice: Invoice) -> None:
    answer = sent(signed_in(cast.buyer), invoice, "late", note="  ", **{f"amount.{lines(invoice)[0]}": "5"})
    assert answer.status_code == 422
    assert "Say what happened in a few words; nothing was opened." in answer.content.decode()
    assert not Dispute.objects.exists()


def test_each_damaged_line_needs_its_photo_and_what_was_sent_is_kept(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, second), token = signed_in(cast.buyer), lines(invoice), str(uuid.uuid4())
    one = {f"file.photo-{first}": a_picture("vase.png")}
    answer = sent(buyer, invoice, "damaged", first, second, token=token, **one)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A photo of Lamp is needed; nothing was opened." in page
    assert "<b>vase.png</b>" in page
    assert "Crushed</textarea>" in page
    assert not Dispute.objects.exists()
    other = {f"file.photo-{second}": a_picture("lamp.webp"), "file.proof": a_pdf("note.pdf")}
    assert sent(buyer, invoice, "damaged", first, second, token=token, **other).status_code == 302
    dispute = Dispute.objects.get()
    assert proven(dispute) == [
        ("photo", "1: vase.png"), ("photo", "2: lamp.png"), ("proof", "note.pdf"),
    ]  # fmt: skip
    assert dispute.evidence_ready
    again = sent(buyer, invoice, "damaged", first, second, token=token)
    assert (again.status_code, Dispute.objects.count()) == (302, 1), "a double click needs no photo a second time"
    assert StoredFile.objects.filter(used=True).count() == 3


def test_working_it_out_keeps_files_and_opens_nothing(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, _), token = signed_in(cast.buyer), lines(invoice), str(uuid.uuid4())
    more = {"work": "1", f"file.photo-{first}": a_picture("vase.png"), f"quantity.{first}": "3"}
    answer = sent(buyer, invoice, "damaged", first, token=token, **more)
    page = answer.content.decode()
    assert (answer.status_code, "$30.00" in page, "<b>vase.png</b>" in page) == (200, True, True)
    assert not Dispute.objects.exists()
    assert sent(buyer, invoice, "damaged", first, token=token).status_code == 302


def test_a_bad_file_is_told_by_name_and_what_else_was_typed_stays(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, _) = signed_in(cast.buyer), lines(invoice)
    bad = a_picture("page.html")
    bad.file.truncate(20)  # type: ignore[union-attr]
    answer = sent(buyer, invoice, "damaged", first, **{f"file.photo-{first}": bad, f"quantity.{first}": "3"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "page.html: it is no PNG, JPEG or WEBP picture and no PDF, or it is broken." in page
    assert 'value="3"' in page
    assert not Dispute.objects.exists()


def test_what_is_said_proves_too_and_ready_is_shown_to_both(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, _) = signed_in(cast.buyer), lines(invoice)
    sent(buyer, invoice, "wrong_item", first, **{"said.code": "XX-77 on the label"})
    dispute = Dispute.objects.get()
    assert proven(dispute) == [("code", "XX-77 on the label")]
    address = f"/disputes/{dispute.number}/"
    for who in (buyer, signed_in(cast.finance)):
        page = who.get(address).content.decode()
        assert "not complete" in page
        assert "XX-77 on the label" in page
        assert "missing" in page
    form = {"token": str(uuid.uuid4()), "file.photo": a_picture("label.png")}
    assert buyer.post(f"{address}evidence/", form).status_code == 302
    assert buyer.post(f"{address}evidence/", {"token": form["token"]}).status_code == 302, "a double click"
    assert len(proven(dispute)) == 2
    dispute.refresh_from_db()
    assert dispute.evidence_ready
    assert "not complete" not in buyer.get(address).content.decode()
    back = signed_in(cast.finance).get(f"/admin/orders/dispute/{dispute.pk}/change/").content.decode()
    assert "label.png" in back


def test_what_we_asked_is_answered_with_files_and_the_dispute_goes_on(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, _) = signed_in(cast.buyer), lines(invoice)
    sent(buyer, invoice, "freight", first, **{f"amount.{first}": "5"})
    dispute = Dispute.objects.get()
    take_dispute(dispute_id=dispute.pk, user=cast.finance)
    until = timezone.localdate() + dt.timedelta(days=3)
    ask_dealer(dispute_id=dispute.pk, question="Which agreement?", remind_on=until, user=cast.finance)
    address = f"/disputes/{dispute.number}/"
    assert "Answer what we asked" in buyer.get(address).content.decode()
    empty = buyer.post(f"{address}evidence/", {"token": str(uuid.uuid4()), "answer": " "})
    assert (empty.status_code, Dispute.objects.get().status) == (422, "need_info")
    form = {"token": str(uuid.uuid4()), "answer": "The one of May", "file.freight": a_pdf("agreement.pdf")}
    assert buyer.post(f"{address}evidence/", form).status_code == 302
    dispute.refresh_from_db()
    assert (dispute.status, dispute.asked_at) == ("in_review", None)
    assert dispute.entries.filter(text="The one of May").exists()
    assert proven(dispute) == [("freight", "agreement.pdf")]


def test_a_message_below_the_dispute_answers_it_too(cast: Cast, invoice: Invoice) -> None:
    first = lines(invoice)[0]
    sent(signed_in(cast.buyer), invoice, "freight", first, **{f"amount.{first}": "5"})
    dispute = Dispute.objects.get()
    take_dispute(dispute_id=dispute.pk, user=cast.finance)
    until = timezone.localdate() + dt.timedelta(days=3)
    ask_dealer(dispute_id=dispute.pk, question="Which agreement?", remind_on=until, user=cast.finance)
    say(subject_of(dispute), cast.finance, "Did you see the question?")
    work_until_idle()
    assert Dispute.objects.get().status == "need_info"
    say(subject_of(dispute), cast.buyer, "The one of May")
    work_until_idle()
    assert Dispute.objects.get().status == "in_review"
    say(subject_of(dispute), cast.buyer, "Anything else?")
    work_until_idle()
    assert Dispute.objects.get().status == "in_review"


def test_after_the_decision_nothing_is_added_and_strangers_find_nothing(cast: Cast, invoice: Invoice) -> None:
    buyer, (first, _) = signed_in(cast.buyer), lines(invoice)
    sent(buyer, invoice, "damaged", first, **{f"file.photo-{first}": a_picture("vase.png")})
    dispute = Dispute.objects.get()
    file = StoredFile.objects.get()
    address, picture = f"/disputes/{dispute.number}/evidence/", f"/disputes/{dispute.number}/files/{file.pk}/"
    stranger = signed_in(cast.stranger)
    assert (buyer.get(picture).status_code, signed_in(cast.finance).get(picture).status_code) == (200, 200)
    assert stranger.get(picture).status_code == 404
    assert stranger.post(address, {"token": str(uuid.uuid4())}).status_code == 404
    assert buyer.get(f"/disputes/{dispute.number}/files/{uuid.uuid4()}/").status_code == 404
    other = StoredFile.objects.create(
        account=cast.harbor, form=uuid.uuid4(), name="x.png", media_type="image/png", size=1, sha256="x", content=b"x"
    )
    assert buyer.get(f"/disputes/{dispute.number}/files/{other.pk}/").status_code == 404, "it is of something else"
    Membership.objects.filter(user=cast.colleague).update(role=Role.VIEWER)
    assert signed_in(cast.colleague).post(address, {"token": str(uuid.uuid4())}).status_code == 403
    Dispute.objects.update(status=DisputeStatus.WITHDRAWN)
    late = buyer.post(address, {"token": str(uuid.uuid4()), "file.proof": a_pdf("late.pdf")})
    assert late.status_code == 422
    assert "It is decided already; nothing was added." in late.content.decode()
    assert proven(dispute) == [("photo", "1: vase.png")]
