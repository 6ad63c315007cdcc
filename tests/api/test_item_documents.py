"""Documents of items by API: the list of an item, and each file as it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from inventory.process.documents import withdraw_document
from tests.api.conftest import Caller
from tests.inventory.test_documents import BOLT, VALVE, added, clean, days
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_a_client_lists_the_documents_of_an_item_and_takes_one(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    row, _ours, _over = added(valid_until=days(9)), added(internal=True), added(valid_until=days(-1))
    harbor = caller("HARBOR")
    [told] = harbor.get(f"items/{BOLT}/documents").json()
    assert told == {
        "id": str(row.pk), "kind": "specification", "title": "Zinc plating", "language": "", "valid_from": None,
        "valid_until": days(9).isoformat(), "name": "sheet.pdf", "media_type": "application/pdf",
        "size": len(clean().content), "sha256": clean().sha256, "url": f"/api/v1/items/{BOLT}/documents/{row.pk}",
    }  # fmt: skip
    sent = harbor.get(f"items/{BOLT}/documents/{row.pk}")
    assert (sent.status_code, sent.content) == (200, clean().content)
    assert sent.headers["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert harbor.get(f"items/{VALVE}/documents").json() == []
    withdraw_document(document_id=row.pk, reason="superseded", by="Olive")
    assert harbor.get(f"items/{BOLT}/documents").json() == []
    assert harbor.get(f"items/{BOLT}/documents/{row.pk}").status_code == 404


def test_what_there_is_not_is_404_and_who_may_not_read_the_catalogue_gets_none(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    row = added()
    harbor = caller("HARBOR")
    assert harbor.get("items/NO-SUCH/documents").status_code == 404
    assert harbor.get(f"items/{VALVE}/documents/{row.pk}").status_code == 404
    assert harbor.get(f"items/{BOLT}/documents/{uuid.uuid4()}").status_code == 404
    blind = caller("HARBOR", scopes=("orders:read",))
    assert blind.get(f"items/{BOLT}/documents").status_code == 403
    assert blind.get(f"items/{BOLT}/documents/{row.pk}").status_code == 403
