"""Choose documents, then have one file made of them: at once where they are few, else by a job."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.accounts.speaking import ENGLISH, language_of
from distportal.common.csv_lines import csv_lines
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from orders.choices import ExportKind, ExportState
from orders.documents.invoice_sheet import file_name, invoice_pdf, merged_pdf
from orders.errors import ExportRefused
from orders.models import Export, Invoice
from orders.queries.payments import listed

MAKE_JOB = "orders.make_export"
MOST = 5_000
AT_ONCE = 25
"""So many documents are made while the person waits."""
RESCUE_SECONDS = 60.0
KEPT = dt.timedelta(hours=24)
_CHUNK = 200
HEADING = ("number", "kind", "issued on", "due on", "order", "po", "total", "open", "currency", "state")


@transaction.atomic
def choose_documents(*, rows: QuerySet[Invoice], account: Account | None, user: User, chosen_by: str = "") -> Export:
    """The choice, frozen: what is added or changes later is not in it. `rows` are documents that the person may see.

    Raises ExportRefused for none, or for more than MOST.
    """
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise ExportRefused(_("no document was chosen; tick some, or show others"))
    if len(ids) > MOST:
        raise ExportRefused(
            _("more than %(most)s documents; narrow the filter. Nothing was made") % {"most": f"{MOST:,}"}
        )
    return Export.objects.create(account=account, user=user, invoice_ids=ids, chosen_by=chosen_by[:200])


def request_file(*, export_id: UUID, user: User, kind: ExportKind) -> Export:
    """The export with its file, or with a job that makes it where the documents are many. Asked again for the same kind
    it is what is there. Raises ExportRefused for one that is made already of another kind.
    """
    export = _begin(export_id, user, kind)
    if export.state == ExportState.WAITING and not _many(export):
        make_export(export_id=export.pk)
        export.refresh_from_db()
    return export


@transaction.atomic
def _begin(export_id: UUID, user: User, kind: ExportKind) -> Export:
    export = Export.objects.select_for_update(of=("self",), no_key=True).get(pk=export_id, user=user)
    if export.state != ExportState.CHOSEN:
        if export.kind != kind:
            raise ExportRefused(
                _("these documents are %(kind)s already; choose them again") % {"kind": export.get_kind_display()}
            )
        return export
    export.kind, export.state = kind, ExportState.WAITING
    export.name = f"invoices-{site_day(database_now()):%Y-%m-%d}-{str(export.pk)[:8]}.{kind}"
    export.save(update_fields=["kind", "state", "name"])
    # The job stands behind few documents too: who makes them while the person waits can die of it.
    delay, share = 0.0 if _many(export) else RESCUE_SECONDS, export.account.code if export.account else ""
    enqueue_job(MAKE_JOB, key=str(export.pk), payload={"export": str(export.pk)}, share=share, delay=delay)
    return export


def _many(export: Export) -> bool:
    return len(export.invoice_ids) > AT_ONCE


def make_export(*, export_id: UUID) -> None:
    """The file is there until a day from now. Done twice, the second one changes nothing."""
    export = Export.objects.filter(pk=export_id, state=ExportState.WAITING).first()
    if export is None:
        return
    content = _content(export)
    now = database_now()
    Export.objects.filter(pk=export_id, state=ExportState.WAITING).update(
        state=ExportState.READY, content=content, size=len(content), ready_at=now, expires_at=now + KEPT
    )


def _content(export: Export) -> bytes:
    documents = _documents(export.invoice_ids, lines=export.kind != ExportKind.CSV)
    if export.kind == ExportKind.CSV:
        with translation.override(ENGLISH):  # tables are read by machines
            return "".join(csv_lines(HEADING, invoice_table(documents))).encode()
    with translation.override(language_of(export.user)):
        return merged_pdf(documents) if export.kind == ExportKind.PDF else _zip(documents)


def _zip(documents: Iterator[Invoice]) -> bytes:
    out = io.BytesIO()
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for invoice in documents:
            # Numbers that differ in punctuation alone must not hide each other.
            name = file_name(invoice) if file_name(invoice) not in names else f"{invoice.pk}_{file_name(invoice)}"
            names.add(name)
            archive.writestr(name, invoice_pdf(invoice))
    return out.getvalue()


def _documents(ids: Sequence[UUID], *, lines: bool) -> Iterator[Invoice]:
    """The documents in the order in which they were chosen, some at a time."""
    rows = Invoice.objects.select_related("account", "order__ship_to", "shipment", "corrects")
    for at in range(0, len(ids), _CHUNK):
        part = ids[at : at + _CHUNK]
        found = (rows.prefetch_related("lines__item") if lines else rows).in_bulk(part)
        yield from (found[pk] for pk in part if pk in found)


def invoice_table(documents: Iterator[Invoice]) -> Iterator[list[object]]:
    """The rows under HEADING, balances read some at a time."""
    part: list[Invoice] = []
    for invoice in documents:
        part.append(invoice)
        if len(part) == _CHUNK:
            yield from _rows(part)
            part = []
    yield from _rows(part)


def _rows(part: list[Invoice]) -> Iterator[list[object]]:
    for row in listed(part):
        invoice, order, balance = row.invoice, row.invoice.order, row.balance
        yield [
            invoice.number, invoice.get_kind_display(), invoice.issued_on.isoformat(), invoice.due_on.isoformat(),
            str(order) if order else "", order.po_number if order else "", invoice.signed_total,
            balance.open if balance else "", invoice.currency, balance.state.label if balance else "",
        ]  # fmt: skip
