"""Documents of items: added, replaced by a next version, and withdrawn. No version is changed or goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from distportal.common.errors import Changed, IllegalMove, Invalid, NotFound
from distportal.events.clock import database_now
from distportal.uploads.cleaning import CleanFile
from inventory.choices import DocumentKind, DocumentLanguage
from inventory.models import DocumentFile, Item, ItemDocument, ItemDocumentVersion

MOST_ITEMS = 200
"""So many items share one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What is said of a document: of which items it is, what it is, who sees it, and from when to when it holds."""

    skus: Sequence[str]
    kind: DocumentKind
    title: str
    language: DocumentLanguage | None = None
    internal: bool = False
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def check_facts(facts: DocumentFacts) -> None:
    """Raises Invalid for no item, for one that there is not, for no title, and for days that end before they begin."""
    if not 1 <= len(facts.skus) <= MOST_ITEMS:
        raise Invalid(f"a document is of 1 to {MOST_ITEMS} items; nothing was saved")
    if unknown := sorted({*facts.skus} - set(Item.objects.filter(sku__in=facts.skus).values_list("sku", flat=True))):
        raise Invalid(f"there is no item {', '.join(unknown)}; nothing was saved")
    if not facts.title.strip():
        raise Invalid("say what the document is called; nothing was saved")
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        raise Invalid("it ends before it begins; nothing was saved")


@transaction.atomic
def add_document(*, token: UUID, facts: DocumentFacts, file: CleanFile, by: str) -> ItemDocument:
    """The document with its first version; the same token gives the one that is there. Raises Invalid."""
    check_facts(facts)
    return file_document(token=token, facts=facts, file=file, by=by)


@transaction.atomic
def file_document(*, token: UUID, facts: DocumentFacts, file: CleanFile, by: str) -> ItemDocument:
    """As `add_document`, also for items that the ERP has not told yet."""
    row, new = ItemDocument.objects.get_or_create(pk=token, defaults=_told(facts))
    if new:
        _write_version(row, facts, kept=_kept(file), name=file.name, by=by)
    return row


@transaction.atomic
def replace_document(
    *, document_id: UUID, seen: int, facts: DocumentFacts, file: CleanFile | None, by: str
) -> ItemDocument:
    """The document with one version more, of this file or, without one, of the file that it has. `seen` is the version
    that was on the screen.

    Raises NotFound, Invalid, IllegalMove for one that is withdrawn, Changed where somebody else was faster: nothing is
    changed then.
    """
    check_facts(facts)
    row = _locked(document_id)
    if row.version != seen:
        raise Changed(f"somebody else saved version {row.version} of “{row}” meanwhile; yours was not saved")
    last = row.versions.get(number=row.version)
    for name, value in _told(facts).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _write_version(row, facts, kept=_kept(file) if file else last.file_id, name=file.name if file else last.name, by=by)
    return row


@transaction.atomic
def withdraw_document(*, document_id: UUID, reason: str, by: str) -> ItemDocument:
    """No dealer sees the document any more; our own people do. Raises NotFound, Invalid without a reason, IllegalMove
    for one that is withdrawn already.
    """
    if not reason.strip():
        raise Invalid("say why it is withdrawn; nothing was changed")
    row = _locked(document_id)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = database_now(), by[:120], reason.strip()[:500]
    row.save()
    return row


def _locked(document_id: UUID) -> ItemDocument:
    row = ItemDocument.objects.select_for_update(no_key=True).filter(pk=document_id).first()
    if row is None:
        raise NotFound("there is no such document; nothing was changed")
    if row.withdrawn_at is not None:
        raise IllegalMove(f"“{row}” was withdrawn by {row.withdrawn_by}; add a new document instead")
    return row


def _told(facts: DocumentFacts) -> dict[str, object]:
    return {
        "skus": list(dict.fromkeys(facts.skus)),
        "kind": facts.kind,
        "title": facts.title.strip()[:120],
        "language": facts.language or "",
        "internal": facts.internal,
    }


def _kept(file: CleanFile) -> str:
    """The hash under which the bytes are kept; the same bytes are there once."""
    told = {"media_type": file.media_type, "size": len(file.content), "content": file.content}
    return DocumentFile.objects.get_or_create(sha256=file.sha256, defaults=told)[0].sha256


def _write_version(row: ItemDocument, facts: DocumentFacts, *, kept: str, name: str, by: str) -> None:
    ItemDocumentVersion.objects.create(
        document=row, number=row.version, file_id=kept, name=name, valid_from=facts.valid_from,
        valid_until=facts.valid_until, added_by=by[:120],
    )  # fmt: skip
