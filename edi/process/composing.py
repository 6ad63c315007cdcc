"""See documents before they leave: built by the very code that would send them, then taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from edi.errors import CannotCompose
from edi.models import Document, TradingPartner
from edi.process.composers import COMPOSERS, Composer
from edi.queries.documents import outbound_file_of
from edi.queries.subjects import SUBJECTS, Choice
from edi.x12.errors import WriteError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One document as it would leave: its segments and the exact bytes. `sent` is the one that left already."""

    set_id: str
    partner: TradingPartner
    segments: list[list[str]]
    content: bytes
    file_name: str
    version: str
    sent: Document | None


def preview_document(*, set_id: str, number: str) -> list[Draft]:
    """The documents about the fact of that number; nothing stays of them, their control numbers are free again. Raises
    CannotCompose, and Unsendable for one that our own maps refuse.
    """
    composer, key = _chosen(set_id, number)
    return preview(lambda: _built(composer, key))


def preview(build: Callable[[], Sequence[Document]]) -> list[Draft]:
    """What `build` would send; nothing stays of it. Raises what it raises, CannotCompose for what cannot be written."""
    with transaction.atomic():
        try:
            built = [(document, _drafted(document)) for document in build()]
        except WriteError as error:
            raise CannotCompose(str(error).rstrip(".")) from error
        finally:
            transaction.set_rollback(True)
    left = set(Document.objects.filter(pk__in=[document.pk for document, _ in built]).values_list("pk", flat=True))
    return [draft(document if document.pk in left else None) for document, draft in built]


def send_composed(*, set_id: str, number: str) -> tuple[list[Document], str]:
    """The documents, on their way or sent before, and what happens now in words. Raises as `preview_document` does."""
    composer, key = _chosen(set_id, number)
    if composer.queue is None:
        documents = _built(composer, key)
        return documents, f"{', '.join(map(str, documents))} is on its way to {documents[0].partner}"
    if not composer.queue(key):
        raise CannotCompose(f"the partner waits for no {set_id}")
    return [], f"All {set_id}s to {key} leave one after the other now"


def composable() -> list[tuple[str, str]]:
    """The sets that can be composed, with the kind of number each asks for."""
    return [(set_id, SUBJECTS[composer.subject].name) for set_id, composer in COMPOSERS.items()]


def choices_for(set_id: str) -> list[Choice]:
    """The newest facts that the set could tell of."""
    composer = COMPOSERS.get(set_id)
    return SUBJECTS[composer.subject].recent(set_id) if composer else []


def _drafted(document: Document) -> Callable[[Document | None], Draft]:
    """The draft as it is now, but for whether it left before: that is known when all was taken back."""
    file = outbound_file_of(document)
    content, name = (bytes(file.content), file.name) if file and file.erased_at is None else (b"", "")
    version = document.group.release if document.group else ""
    partner, segments, set_id = document.partner, document.segments, document.set_id

    def draft(sent: Document | None) -> Draft:
        return Draft(
            set_id=set_id,
            partner=partner,
            segments=segments,
            content=content,
            file_name=name,
            version=version,
            sent=sent,
        )

    return draft


def _built(composer: Composer, key: str) -> list[Document]:
    documents = composer.build(key)
    if not documents:
        name = SUBJECTS[composer.subject].name
        raise CannotCompose(f"no partner waits for a {composer.set_id} about this {name}, or nothing is decided yet")
    return documents


def _chosen(set_id: str, number: str) -> tuple[Composer, str]:
    composer = COMPOSERS.get(set_id)
    if composer is None:
        raise CannotCompose(f"a {set_id} is not composed by hand")
    subject = SUBJECTS[composer.subject]
    found = subject.ids(number.strip())
    if not found:
        raise CannotCompose(f"no {subject.name} has the number {number}")
    return composer, found[0]
