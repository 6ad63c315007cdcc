"""Write what became of documents that were placed: one statement, however many they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from edi.models import Document

_WRITE = """
UPDATE edi_document d
   SET state = t.state, order_id = t.order_id, line_sources = t.line_sources, findings = t.findings
  FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::jsonb[], %s::jsonb[])
       AS t (id, state, order_id, line_sources, findings)
 WHERE d.id = t.id
"""


def write_placed(documents: Sequence[Document]) -> None:
    """State, order, line sources and findings of these documents are stored. The caller has locked their rows."""
    if not documents:
        return
    values: list[Any] = [
        [document.pk for document in documents],
        [str(document.state) for document in documents],
        [document.order_id for document in documents],
        [json.dumps(document.line_sources) for document in documents],
        [json.dumps(document.findings) for document in documents],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
