"""The EDI pages as people see them: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from edi.models import Document, InboundFile, Interchange
from tests.browser.conftest import Check
from tests.edi.conftest import Post, crestline, edi_root
from tests.edi.process.texts import group, po, whole
from tests.sandbox import SandboxProcess

__all__ = ["crestline", "edi_root"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(request: pytest.FixtureRequest, synced: SandboxProcess) -> dict[str, str]:
    """One page of every kind, with good and bad things on it."""
    post: Post = request.getfixturevalue("crestline")
    post.take(post.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po="CR-77"), "cr77.edi")
    post.take(b"Dear vendor, please send ten bolts.", "letter.edi")
    post.take(post.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*XX"), "bad.edi")
    post.take(whole(group(po()), count=3), "damaged.edi")
    placed, answer = Document.objects.get(state="placed"), Document.objects.get(set_id="855")
    return {
        "documents": reverse("edi:documents"),
        "nothing": reverse("edi:documents") + "?q=zzz",
        "850": reverse("edi:document", args=[placed.pk]),
        "855": reverse("edi:document", args=[answer.pk]),
        "invalid": reverse("edi:document", args=[Document.objects.get(state="invalid").pk]),
        "interchange": reverse("edi:interchange", args=[placed.group.interchange_id if placed.group else None]),
        "refused": reverse("edi:interchange", args=[Interchange.objects.get(state="rejected").pk]),
        "again": reverse("edi:reprocessing", args=[placed.pk]),
        "compose": reverse("edi:compose"),
        "composed": f"{reverse('edi:compose')}?set_id=855&number={placed.order}",
        "compose-846": f"{reverse('edi:compose')}?set_id=846",
        "compose-997": f"{reverse('edi:compose')}?set_id=997",
        "refused-compose": f"{reverse('edi:compose')}?set_id=856&number=none",
        "filtered": reverse("edi:documents") + "?set_id=850&direction=in",
        "letter": reverse("edi:file", args=[InboundFile.objects.get(name="letter.edi").pk]),
    }


def test_every_page_fits_and_can_be_read_by_everybody(
    signed_in: Callable[..., Page],
    check_pages: Check,
    addresses: dict[str, str],
) -> None:
    check_pages(signed_in("agent@northline.example"), addresses)


def test_a_document_is_found_opened_and_downloaded(signed_in: Callable[..., Page], addresses: dict[str, str]) -> None:
    page = signed_in("agent@northline.example")
    page.goto(addresses["documents"])
    page.get_by_label("Search").fill("CR-77")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="855 ", exact=False).first.click()
    page.get_by_role("heading", name="Order acknowledgment").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="File as sent").click()
    assert download.value.suggested_filename == "crestline_000000002_855.edi"


def test_a_document_is_composed_looked_at_and_sent_or_not(
    signed_in: Callable[..., Page], addresses: dict[str, str], shoot: Callable[[Page, str], None]
) -> None:
    page, before = signed_in("agent@northline.example"), Document.objects.filter(set_id="TA1").count()
    page.goto(addresses["compose"])
    page.get_by_label("Document").select_option("997")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="Preview the 997 about").first.click()
    page.get_by_text("this document left already").wait_for()
    page.get_by_label("Document").select_option("TA1")
    page.get_by_label("Which interchange").fill("")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="Preview the TA1 about").last.click()
    page.get_by_text("A preview.").wait_for()
    assert "TA1*" in page.get_by_label("Bytes of the file").inner_text()
    shoot(page, "wide-composed-ta1")
    page.get_by_role("link", name="Don't send").click()
    page.get_by_role("link", name="Preview the TA1 about").first.wait_for()
    assert Document.objects.filter(set_id="TA1").count() == before
    page.go_back()
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="Interchange acknowledgment").wait_for()
    assert Document.objects.filter(set_id="TA1").count() == before + 1
