"""Documents of items: what dealers find and what not, each version for ever, and one of two who save at once."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils.timezone import localdate
from PIL import Image
from pypdf import PdfWriter

from distportal.accounts.models import User
from distportal.accounts.wall import behind_wall
from distportal.common.errors import Changed, IllegalMove, Invalid, NotFound
from distportal.events.clock import database_now
from distportal.uploads.cleaning import MIB, CleanFile, clean_file
from inventory.choices import DocumentKind
from inventory.models import DocumentFile, ItemDocument, ItemDocumentVersion
from inventory.process.documents import DocumentFacts, add_document, replace_document, withdraw_document
from inventory.queries.documents import documents_of
from inventory.seeds import seed_inventory
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
BOLT, SCREW, VALVE = "FST-10001", "FST-10002", "PLB-30001"
OFFICE = "/admin/inventory/itemdocument/"
NO_ROWS = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
"""What a browser sends of the versions below the form."""


def pdf(title: str = "one") -> bytes:
    made, out = PdfWriter(), io.BytesIO()
    made.add_blank_page(200, 100 + len(title))
    made.write(out)
    return out.getvalue()


def clean(title: str = "one", name: str = "sheet.pdf") -> CleanFile:
    return clean_file(SimpleUploadedFile(name, pdf(title)))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def facts(**more: Any) -> DocumentFacts:
    told: dict[str, Any] = {"skus": [BOLT, SCREW], "kind": DocumentKind.SPECIFICATION, "title": "Zinc plating"}
    return DocumentFacts(**told | more)


def added(**more: Any) -> ItemDocument:
    return add_document(token=uuid.uuid4(), facts=facts(**more), file=clean(), by="Olive")


def today() -> dt.date:
    return localdate(database_now())


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def address(row: ItemDocument, sku: str = BOLT) -> str:
    return f"/catalogue/{sku}/documents/{row.pk}/"


def shown(person: User, sku: str = BOLT) -> str:
    answer = signed_in(person).get(f"/catalogue/{sku}/")
    assert answer.status_code == 200
    return main_of(answer.content.decode()).partition('id="documents"')[2].partition("</section>")[0]


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(User.objects.get(email="operator@northline.example"))


def test_each_item_of_a_document_shows_it_and_sends_it_as_what_it_is(synced: SandboxProcess, cast: Cast) -> None:
    row = added(valid_until=days(30))
    for person, sku in ((cast.buyer, BOLT), (cast.stranger, SCREW)):
        page = shown(person, sku)
        assert f'href="{address(row, sku)}" download>Zinc plating</a>' in page
        assert "Specification" in page
        assert "holds until" in page
    answer = signed_in(cast.buyer).get(address(row))
    assert answer.status_code == 200
    assert answer.content == clean().content
    told = answer.headers
    assert (told["Content-Type"], told["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert told["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    again = signed_in(cast.buyer).get(address(row), headers={"If-None-Match": told["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_item_without_documents_says_so(synced: SandboxProcess, cast: Cast) -> None:
    added(internal=True)
    assert "None yet." in shown(cast.buyer)
    assert "None yet." in shown(cast.buyer, VALVE)


def test_nobody_gets_a_document_by_another_item_or_without_the_catalogue(synced: SandboxProcess, cast: Cast) -> None:
    row = added()
    buyer = signed_in(cast.buyer)
    assert buyer.get(address(row, VALVE)).status_code == 404
    assert buyer.get(f"/catalogue/{BOLT}/documents/{uuid.uuid4()}/").status_code == 404
    assert signed_in(cast.agent).get(address(row)).status_code == 403
    anonymous = Client().get(address(row))
    assert (anonymous.status_code, anonymous.headers["Location"]) == (302, f"/accounts/login/?next={address(row)}")
    assert buyer.get(f"{OFFICE}{row.pk}/file/1/").status_code in (302, 403)


def test_what_is_withdrawn_over_not_begun_or_ours_alone_is_sent_to_no_dealer(
    synced: SandboxProcess, cast: Cast
) -> None:
    rows = [added(valid_until=days(-1)), added(valid_from=days(1)), added(internal=True), added()]
    withdraw_document(document_id=rows[3].pk, reason="wrong sheet", by="Olive")
    buyer = signed_in(cast.buyer)
    assert [buyer.get(address(row)).status_code for row in rows] == [404] * 4
    assert "None yet." in shown(cast.buyer)
    assert documents_of(BOLT, on=today()) == []
    held = added(valid_from=today(), valid_until=today())
    assert buyer.get(address(held)).status_code == 200, "the first and the last day count"


def test_the_older_version_stays_until_the_newer_begins_and_never_comes_back(
    synced: SandboxProcess, cast: Cast
) -> None:
    row = added()
    told = facts(valid_from=days(10), valid_until=days(20))
    replace_document(document_id=row.pk, seen=1, facts=told, file=clean("longer"), by="Olive")
    held = [[one.number for one in documents_of(BOLT, on=days(n))] for n in (0, 9, 10, 20, 21)]
    assert held == [[1], [1], [2], [2], []]
    assert signed_in(cast.buyer).get(address(row)).content == clean().content


def test_a_replaced_document_keeps_what_it_was_and_the_same_bytes_are_there_once(synced: SandboxProcess) -> None:
    row = added()
    replace_document(document_id=row.pk, seen=1, facts=facts(title="Plating"), file=None, by="Otto")
    replace_document(document_id=row.pk, seen=2, facts=facts(skus=[VALVE]), file=clean("other", "new.pdf"), by="Olive")
    row.refresh_from_db()
    versions = list(row.versions.values_list("number", "name", "added_by"))
    assert versions == [(3, "new.pdf", "Olive"), (2, "sheet.pdf", "Otto"), (1, "sheet.pdf", "Olive")]
    assert (row.version, row.title, row.skus) == (3, "Zinc plating", [VALVE])
    assert row.versions.get(number=1).file_id == row.versions.get(number=2).file_id == clean().sha256
    added(title="The same file elsewhere")
    assert DocumentFile.objects.count() == 2
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        ItemDocumentVersion.objects.filter(number=1).delete()


def test_who_saves_on_an_older_version_or_a_withdrawn_document_changes_nothing(synced: SandboxProcess) -> None:
    row = added()
    replace_document(document_id=row.pk, seen=1, facts=facts(title="First"), file=None, by="Otto")
    with pytest.raises(Changed, match="somebody else saved version 2 of “First”"):
        replace_document(document_id=row.pk, seen=1, facts=facts(title="Second"), file=clean("x"), by="Olive")
    withdraw_document(document_id=row.pk, reason="superseded", by="Otto")
    for act in (
        lambda: replace_document(document_id=row.pk, seen=2, facts=facts(), file=None, by="Olive"),
        lambda: withdraw_document(document_id=row.pk, reason="again", by="Olive"),
    ):
        with pytest.raises(IllegalMove, match="was withdrawn by Otto"):
            act()
    with pytest.raises(NotFound):
        withdraw_document(document_id=uuid.uuid4(), reason="none", by="Olive")
    row.refresh_from_db()
    assert (row.title, row.version, row.withdrawn_why, row.versions.count()) == ("First", 2, "superseded", 2)
    assert DocumentFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_at_once_one_is_told(synced: SandboxProcess) -> None:
    row = added()

    def save(name: str) -> str:
        try:
            replace_document(document_id=row.pk, seen=1, facts=facts(title=name), file=clean(name), by=name)
        except Changed:
            return ""
        return name

    done = at_once(lambda: save("Olive's"), lambda: save("Otto's"))
    [winner] = [one for one in done if one]
    row.refresh_from_db()
    assert (row.title, row.version, row.versions.count()) == (winner, 2, 2)
    assert row.versions.get(number=2).added_by == winner


@pytest.mark.django_db(transaction=True)
def test_a_double_click_adds_one_document(synced: SandboxProcess) -> None:
    token = uuid.uuid4()

    def add() -> uuid.UUID:
        return add_document(token=token, facts=facts(), file=clean(), by="Olive").pk

    assert at_once(add, add) == [token, token]
    assert (ItemDocument.objects.count(), ItemDocumentVersion.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"skus": []}, "of 1 to 200 items"),
        ({"skus": [BOLT, "NO-SUCH"]}, "there is no item NO-SUCH"),
        ({"title": "  "}, "say what the document is called"),
        ({"valid_from": dt.date(2026, 5, 2), "valid_until": dt.date(2026, 5, 1)}, "ends before it begins"),
    ],
)
def test_what_cannot_be_is_refused(synced: SandboxProcess, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        added(**wrong)
    assert not ItemDocument.objects.exists()
    assert not DocumentFile.objects.exists()


def form(name: str, content: bytes, **more: str) -> dict[str, Any]:
    told = {"skus": f"{BOLT.lower()}, {SCREW}", "kind": "drawing", "title": "A drawing", "language": "en"}
    return told | more | {"upload": SimpleUploadedFile(name, content), "token": str(uuid.uuid4())}


def test_an_operator_adds_replaces_and_withdraws(synced: SandboxProcess, cast: Cast, office: Client) -> None:
    assert office.post(f"{OFFICE}add/", form("bolt.png", picture())).status_code == 302
    row = ItemDocument.objects.get()
    assert (row.skus, row.title, row.internal) == ([BOLT, SCREW], "A drawing", False)
    sent = signed_in(cast.buyer).get(address(row))
    assert sent.headers["Content-Disposition"] == 'inline; filename="bolt.png"'
    page = office.get(f"{OFFICE}{row.pk}/change/").content.decode()
    assert f"{OFFICE}{row.pk}/file/1/" in page
    said = {"skus": BOLT, "kind": "drawing", "title": "As it is now", "language": "", "seen": "1"} | NO_ROWS
    assert office.post(f"{OFFICE}{row.pk}/change/", said).status_code == 302
    late = office.post(f"{OFFICE}{row.pk}/change/", said | {"title": "Too late"})
    assert "Somebody else replaced it meanwhile" in late.content.decode()
    row.refresh_from_db()
    assert (row.title, row.version, row.skus) == ("As it is now", 2, [BOLT])
    done = office.post(f"{OFFICE}{row.pk}/withdraw/", {"reason": "superseded", "_form_submitted": "true"})
    assert done.headers["HX-Redirect"] == f"{OFFICE}{row.pk}/change/"
    assert signed_in(cast.buyer).get(address(row)).status_code == 404
    assert office.get(f"{OFFICE}{row.pk}/file/1/").content == sent.content
    assert office.post(f"{OFFICE}{row.pk}/change/", said | {"seen": "2"}).status_code == 403
    history = office.get(f"{OFFICE}{row.pk}/history/").content.decode()
    assert "superseded" in history
    listed = office.get(f"{OFFICE}?q={BOLT.lower()}").content.decode()
    assert "As it is now" in listed
    assert "As it is now" not in office.get(f"{OFFICE}?q={VALVE}").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sheet.pdf", b"<script>alert(1)</script>", "no PNG, JPEG or WEBP picture and no PDF"),
        ("sheet.pdf", b"", "The submitted file is empty"),
        ("sheet.pdf", b"%PDF-" + bytes(10 * MIB), "too big: a picture may have 5 MiB, a PDF 10 MiB"),
    ],
)
def test_what_is_no_document_is_told_in_the_form(
    synced: SandboxProcess, office: Client, name: str, content: bytes, said: str
) -> None:
    answer = office.post(f"{OFFICE}add/", form(name, content))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "A drawing" in answer.content.decode(), "what was typed stays"
    assert not ItemDocument.objects.exists()


def test_customer_service_reads_and_nobody_else_of_ours_does(synced: SandboxProcess, cast: Cast) -> None:
    row = added(internal=True)
    agent, finance = signed_in(cast.agent), signed_in(cast.finance)
    page = agent.get(f"{OFFICE}{row.pk}/change/").content.decode()
    assert "Our own people" in page
    assert "(&#x27;ours&#x27;" not in page, "in words"
    assert agent.get(f"{OFFICE}{row.pk}/file/1/").content == clean().content
    assert agent.post(f"{OFFICE}add/", form("bolt.png", picture())).status_code == 403
    assert agent.post(f"{OFFICE}{row.pk}/withdraw/", {"reason": "no"}).status_code in (302, 403)
    assert finance.get(f"{OFFICE}{row.pk}/change/").status_code == 403
    assert finance.get(f"{OFFICE}{row.pk}/file/1/").status_code == 403
    row.refresh_from_db()
    assert (row.withdrawn_at, ItemDocument.objects.count()) == (None, 1)


def test_behind_the_wall_dealers_see_what_is_theirs_and_write_nothing(synced: SandboxProcess, cast: Cast) -> None:
    ours, theirs = added(internal=True), added()
    with behind_wall([cast.harbor.pk]):
        assert list(ItemDocument.objects.values_list("pk", flat=True)) == [theirs.pk]
        assert list(ItemDocumentVersion.objects.values_list("document", flat=True)) == [theirs.pk]
        assert not ItemDocument.pgh_event_model.objects.filter(pgh_obj_id=ours.pk).exists()  # type: ignore[attr-defined]
        for act in (lambda: ItemDocument.objects.filter(pk=theirs.pk).update(title="Mine"), added):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                act()
    theirs.refresh_from_db()
    assert theirs.title == "Zinc plating"


def test_the_demo_has_documents_of_three_items_however_often_it_is_seeded(synced: SandboxProcess, cast: Cast) -> None:
    seed_inventory()
    seed_inventory()
    titles = [[one.document.title for one in documents_of(sku, on=today())] for sku in (BOLT, "PLB-30002", VALVE)]
    assert titles == [
        ["Zinc plated fasteners", "Mill test report 2026", "Hex bolt 1/2-13 x 2 in"],
        ["Cemento para PVC, hoja de seguridad", "PVC cement, safety data sheet"],
        ["Brass valves, fitting and care"],
    ]
    assert ItemDocument.objects.count() == ItemDocumentVersion.objects.count() == 7
