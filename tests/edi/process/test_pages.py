"""The EDI pages: staff find every document and its bytes, nobody else does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from edi.models import Document, InboundFile, Interchange, OutboundFile
from exceptions.models import Case
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.agent)


def pages() -> list[str]:
    """One address of every kind of page."""
    found = [reverse("edi:documents")]
    found += [reverse("edi:document", args=[d.pk]) for d in Document.objects.all()]
    found += [reverse("edi:interchange", args=[i.pk]) for i in Interchange.objects.all()]
    for file in InboundFile.objects.all():
        found += [reverse("edi:file", args=[file.pk]), reverse("edi:file_bytes", args=[file.pk])]
    return found + [reverse("edi:sent_bytes", args=[f.pk]) for f in OutboundFile.objects.all()]


def test_an_agent_reads_every_document_in_words_and_bytes(
    desk: Client, crestline: Post, catalogue: SandboxProcess
) -> None:
    content = crestline.order(("FST-10001", "10", "0.42"), po="CR-77")
    crestline.take(content, "cr77.edi")
    crestline.take(b"<script>alert(1)</script>", "bad.edi")
    for address in pages():
        assert desk.get(address).status_code == 200, address
    listing = desk.get(reverse("edi:documents")).content.decode()
    assert listing.count("Crestline Home Centers</td>") == 3
    asked = Document.objects.get(set_id="850")
    page = desk.get(reverse("edi:document", args=[asked.pk])).content.decode()
    assert "PO number <code>CR-77</code>" in page
    assert reverse("chain", args=[asked.correlation_id]) in page
    raw = desk.get(reverse("edi:file_bytes", args=[InboundFile.objects.get(name="cr77.edi").pk]))
    assert (raw.getvalue(), raw["Content-Type"]) == (content, "application/octet-stream")
    assert raw["Content-Disposition"] == 'attachment; filename="cr77.edi"'
    bad = desk.get(reverse("edi:file", args=[InboundFile.objects.get(name="bad.edi").pk])).content.decode()
    assert "<script>alert" not in bad
    assert "&lt;script&gt;alert(1)" in bad


def test_finance_reads_edi_and_is_offered_nothing_that_it_may_not_do(
    cast: Cast, desk: Client, crestline: Post, catalogue: SandboxProcess
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-78"), "cr78.edi")
    asked = Document.objects.get(set_id="850")
    story, document = reverse("chain", args=[asked.correlation_id]), reverse("edi:document", args=[asked.pk])
    again = reverse("edi:reprocessing", args=[asked.pk])
    people = {"finance": signed_in(cast.finance), "agent": desk}
    assert [document in client.get(story).content.decode() for client in people.values()] == [True, True]
    seen = {who: client.get(document).content.decode() for who, client in people.items()}
    assert {who: "PO number <code>CR-78</code>" in page for who, page in seen.items()} == dict.fromkeys(seen, True)
    assert {who: again in page for who, page in seen.items()} == {"finance": False, "agent": True}
    for address in (reverse("edi:documents"), reverse("edi:partners"), reverse("edi:partner", args=["CRESTLINE"])):
        page = people["finance"].get(address).content.decode()
        assert 'href="/edi/compose/' not in page, address
        assert [word for word in ("Back into test", "Send a test", "Import") if word in page] == [], address
    assert people["finance"].get(again).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?direction=in", ["850"]),
        ("?direction=out", ["855", "997"]),
        ("?set_id=855", ["855"]),
        ("?ack_state=expected", ["855"]),
        ("?state=placed", ["850"]),
        ("?partner=BRIGHTWAY", []),
        ("?q=CR-77", ["850", "855"]),
        ("?q=cr 7", ["850", "855"]),
        ("?q=crestline", ["850", "855", "997"]),
        ("?usage=T", []),
        ("?since=2020-01-01&until=2020-01-02", []),
        ("?since=never", ["850", "855", "997"]),
        ("?q=nothing", []),
        ("?q=99999999999999999999", []),
        ("?page=99", ["850", "855", "997"]),
    ],
)
def test_documents_are_found_by_filter_and_search(
    desk: Client, crestline: Post, catalogue: SandboxProcess, query: str, expected: list[str]
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-77"))
    page = desk.get(reverse("edi:documents") + query).context["page"]
    assert sorted(d.set_id for d in page) == expected


def test_nobody_but_staff_sees_edi_pages(cast: Cast, crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    stranger, visitor, finance = Client(), Client(), Client()
    stranger.force_login(cast.stranger)
    finance.force_login(cast.finance)
    for address in pages():
        assert stranger.get(address).status_code == 403, address
        assert finance.get(address).status_code == 200, address
        assert visitor.get(address).status_code == 302, address


def test_the_story_leads_from_the_order_to_the_bytes(desk: Client, crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-77"), "cr77.edi")
    asked = Document.objects.get(set_id="850")
    from distportal.events.lineage import story

    steps = story(asked.correlation_id, internal=True)
    assert [s.kind for s in steps if s.kind.startswith("edi")][:3] == ["edi_file", "edi_interchange", "edi_in"]
    keys = {s.key for s in steps}
    assert all(s.parent in keys for s in steps if s.kind.startswith("edi") and s.parent)
    for step in steps:
        if step.kind.startswith("edi"):
            assert desk.get(step.url).status_code == 200
    assert not [s for s in story(asked.correlation_id, internal=False) if s.kind.startswith("edi")]


def test_every_case_kind_has_a_runbook_and_a_panel(desk: Client, crestline: Post, catalogue: SandboxProcess) -> None:
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from exceptions.queries.runbooks import runbook_of
    from exceptions.registry import case_kind

    crestline.take(b"junk")
    crestline.take(crestline.order(("FST-10001", "10", "0.42")).replace(b"*CRESTLINE ", b"*NOBODY    "))
    crestline.take(crestline.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*04"))
    crestline.take(crestline.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*XX"))
    cases = list(Case.objects.all())
    assert sorted(c.kind for c in cases) == [
        "edi.invalid_document",
        "edi.unknown_partner",
        "edi.unreadable_file",
        "edi.unreadable_order",
    ]
    for case in cases:
        kind = case_kind(case.kind)
        assert runbook_of(case.kind).text.startswith("#")
        assert kind.panel_context is not None
        panel = render_to_string(kind.panel, kind.panel_context(case, RequestFactory().get("/")))
        assert "/edi/files/" in panel, case.kind


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    desk: Client, crestline: Post, catalogue: SandboxProcess
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for _ in range(2):
        for _ in range(3):
            crestline.take(crestline.order(("FST-10001", "10", "0.42")))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(reverse("edi:documents")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16
