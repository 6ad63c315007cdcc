"""What a file carries is found by indexes: a site with years of documents sends a file as fast as one with ten."""

from __future__ import annotations

import pytest

from distportal.events.sweeper import work_until_idle
from edi.models import Document, Interchange, OutboundFile
from edi.process.mailboxes import poll_mailboxes
from edi.queries.documents import documents_in, documents_of
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.plans import forbid_walks

pytestmark = pytest.mark.django_db


def test_nothing_walks_through_all_documents_to_find_those_of_a_file(crestline: Post) -> None:
    """Where walking through all rows is forbidden, nothing else is left to do so."""
    crestline.drop(whole(group(po())))
    poll_mailboxes()
    work_until_idle()
    file, came = OutboundFile.objects.get(), Interchange.objects.get(direction="in")
    assert [row.set_id for row in documents_in(file)] == ["997"]
    assert [row.set_id for row in documents_of(came)] == ["850"]
    assert not Document.objects.filter(direction="out", sent_at=None).exists(), "sent with its file"
    forbid_walks()
    for rows in (documents_in(file), documents_of(came)):
        plan = rows.order_by().explain()
        assert "edi_document_group" in plan
        assert "Seq Scan" not in plan, plan
