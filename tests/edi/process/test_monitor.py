"""The message monitor: saved views, documents side by side, doing it again, and composing by hand."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from distportal.events.models import Job
from edi.models import ControlNumber, Document, OutboundFile, SavedView
from orders.models import Intake
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.orders import file_860
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.agent)


@pytest.fixture
def placed(crestline: Post, catalogue: SandboxProcess) -> Document:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-77"), "cr77.edi")
    return Document.objects.get(set_id="850")


def keep(client: Client, name: str, query: str) -> str:
    answer = client.post(reverse("edi:keep_view"), {"name": name, "query": query}, follow=True)
    return str(answer.content.decode())


def test_a_search_is_kept_under_a_name_and_replaced_by_the_same_name(desk: Client, cast: Cast) -> None:
    keep(desk, "Rejected", "state=invalid&page=7&next=//evil.example")
    keep(desk, "Rejected", "state=failed&set_id=850")
    assert list(SavedView.objects.values_list("user__email", "name", "query")) == [
        (cast.agent.email, "Rejected", "state=failed&set_id=850")
    ]
    page = desk.get(reverse("edi:documents") + "?state=failed&set_id=850")
    assert page.context["view"].name == "Rejected"
    assert desk.get(reverse("edi:documents") + "?state=failed").context["view"] is None


@pytest.mark.parametrize(("name", "query"), [("", "state=failed"), ("All", ""), ("Odd", "colour=red")])
def test_a_view_without_name_or_filter_is_refused(desk: Client, name: str, query: str) -> None:
    assert "nothing was saved" in keep(desk, name, query)
    assert not SavedView.objects.exists()


def test_nobody_drops_the_view_of_a_colleague(desk: Client, cast: Cast) -> None:
    keep(desk, "Mine", "state=failed")
    view = SavedView.objects.get()
    other = signed_in(cast.agent.__class__.objects.get(email="operator@northline.example"))
    other.post(reverse("edi:forget_view", args=[view.pk]))
    assert SavedView.objects.filter(pk=view.pk).exists()
    desk.post(reverse("edi:forget_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_a_document_is_shown_raw_in_words_canonical_and_with_its_outcome(desk: Client, placed: Document) -> None:
    page = desk.get(reverse("edi:document", args=[placed.pk]))
    rows = page.context["rows"]
    assert rows[1].raw.startswith("BEG*00*SA*CR-77**")
    line = next(row for row in rows if row.words.segment == "PO1")
    assert (line.line_no, line.findings) == ("1", ())
    assert line.words.parts[2].rule == "element 355, code of 2, optional"
    assert ("po number", "CR-77") in [(e.name, e.text) for e in page.context["canonical"]]
    assert [ln.item.sku for ln in page.context["order_lines"]] == ["FST-10001"]


def test_a_po_that_became_no_order_is_found_by_its_number(
    desk: Client, crestline: Post, brightway: Post, catalogue: SandboxProcess
) -> None:
    refused = crestline.order(("FST-10001", "10", "0.42"), po="CR-LOST-1").replace(b"BEG*00", b"BEG*XX")
    unknown = file_860(crestline, "BCH*01*SA*CR-LOST-2**1*20261124")
    for content in (refused, unknown, crestline.order(("FST-10001", "10", "0.42"), po="CR-KEPT")):
        crestline.take(content)
    found = {
        text: [(d.set_id, d.state) for d in desk.get(reverse("edi:documents"), {"q": text}).context["page"]]
        for text in ("cr-lost-1", "CR-LOST-2", "CR-LOST", "CR-NONE")
    }
    assert found == {
        "cr-lost-1": [("850", "invalid")],
        "CR-LOST-2": [("860", "failed")],
        "CR-LOST": [("860", "failed"), ("850", "invalid")],
        "CR-NONE": [],
    }


def test_what_is_wrong_stands_at_its_segment(desk: Client, crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*XX"))
    bad = Document.objects.get(set_id="850")
    page = desk.get(reverse("edi:document", args=[bad.pk]))
    at = {row.position: row.findings for row in page.context["rows"] if row.findings}
    assert at == {2: ("Segment 2 (BEG): BEG01 'XX' is not a known code",)}
    assert page.context["loose"] == []


def test_reprocessing_shows_what_differs_and_makes_nothing_twice(desk: Client, placed: Document) -> None:
    address = reverse("edi:reprocessing", args=[placed.pk])
    assert desk.get(address).context["preview"].differences == ()
    intake = Intake.objects.get(source_key=f"edi:{placed.pk}")
    older = intake.canonical | {"po_number": "CR-OLD", "unknown_then": None}
    older["lines"][0]["quantity"] = "11"
    Intake.objects.filter(pk=intake.pk).update(canonical=older)
    preview = desk.get(address).context["preview"]
    assert [(d.path, d.before, d.now) for d in preview.differences] == [
        ("po_number", "CR-OLD", "CR-77"),
        ("lines[1].quantity", "11", "10"),
    ]
    assert preview.verdict.verdict == "A"
    answer = desk.post(reverse("edi:reprocess", args=[placed.pk]), follow=True).content.decode()
    assert "nothing is made twice" in answer
    assert not Job.objects.filter(kind="edi.take_document", state="ready").exists()


def test_a_failed_document_is_processed_again(desk: Client, crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    Document.objects.filter(set_id="850").update(state="failed")
    failed = Document.objects.get(set_id="850")
    assert desk.get(reverse("edi:reprocessing", args=[failed.pk])).context["preview"].refusal == ""
    desk.post(reverse("edi:reprocess", args=[failed.pk]))
    assert Job.objects.filter(kind="edi.take_document", key=str(failed.pk), state="ready").count() == 1


def test_the_same_bytes_leave_once_more(desk: Client, placed: Document) -> None:
    answer = Document.objects.get(set_id="855")
    file = OutboundFile.objects.get(interchange__groups=answer.group_id)
    desk.post(reverse("edi:redeliver", args=[answer.pk]))
    again = OutboundFile.objects.get(pk=file.pk)
    assert (bytes(again.content), again.sent_at) == (bytes(file.content), None)
    assert Document.objects.filter(set_id="855").count() == 1


def test_a_preview_shows_the_very_bytes_and_leaves_nothing_behind(desk: Client, placed: Document) -> None:
    sent = Document.objects.get(set_id="855")
    file = OutboundFile.objects.get(interchange__groups=sent.group_id)
    address = reverse("edi:compose") + f"?set_id=855&number=SO-{placed.order.number if placed.order else ''}"
    shown = desk.get(address).context["drafts"][0]
    assert (shown.sent, shown.size) == (sent, len(file.content))
    assert shown.raw.startswith(bytes(file.content).decode()[:100])

    Document.objects.filter(pk=sent.pk).update(business_key="another fact", order=None)
    numbers = list(ControlNumber.objects.order_by("pk").values_list("counter", "last"))
    files = OutboundFile.objects.count()
    draft = desk.get(address).context["drafts"][0]
    assert draft.sent is None
    assert [row.words.segment for row in draft.rows[:2]] == ["ST", "BAK"]
    assert draft.raw.startswith("ISA*00*")
    assert list(ControlNumber.objects.order_by("pk").values_list("counter", "last")) == numbers
    assert OutboundFile.objects.count() == files


def test_a_composed_document_leaves_once(desk: Client, placed: Document) -> None:
    sent = Document.objects.get(set_id="855")
    Document.objects.filter(pk=sent.pk).update(business_key="another fact", order=None)
    form = {"set_id": "855", "number": str(placed.order.number if placed.order else "")}
    for _ in range(2):
        desk.post(reverse("edi:send_composed"), form)
    assert Document.objects.filter(set_id="855", order=placed.order).count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("set_id=855&number=SO-1", "no order has the number SO-1"),
        ("set_id=856&number=nothing", "no shipment has the number nothing"),
        ("set_id=850&number=1", "a 850 is not composed by hand"),
    ],
)
def test_what_cannot_be_composed_says_why(desk: Client, query: str, words: str) -> None:
    assert words in desk.get(f"{reverse('edi:compose')}?{query}").content.decode()


def test_the_new_pages_are_for_the_desk_alone(cast: Cast, placed: Document) -> None:
    stranger, finance = signed_in(cast.stranger), signed_in(cast.finance)
    for client in (stranger, finance):
        for name, args in (("compose", []), ("reprocessing", [placed.pk])):
            assert client.get(reverse(f"edi:{name}", args=args)).status_code == 403
        for name, args in (("reprocess", [placed.pk]), ("redeliver", [placed.pk])):
            assert client.post(reverse(f"edi:{name}", args=args)).status_code == 403
    assert stranger.post(reverse("edi:keep_view")).status_code == 403
    finance.post(reverse("edi:keep_view"), {"name": "Our invoices", "query": "set_id=810"})
    assert "Our invoices" in finance.get(reverse("edi:documents")).content.decode()
