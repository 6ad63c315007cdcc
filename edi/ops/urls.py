"""Addresses of EDI pages."""

from __future__ import annotations

from django.urls import path

from edi.ops import composing, documents, downloads, envelopes, monitor, transfers, transports
from edi.ops.partner_urls import partner_paths

app_name = "edi"
urlpatterns = [
    path("", monitor.documents, name="documents"),
    path("views/", monitor.keep_view, name="keep_view"),
    path("views/<int:view_id>/drop/", monitor.forget_view, name="forget_view"),
    path("compose/", composing.compose, name="compose"),
    path("compose/send/", composing.send, name="send_composed"),
    path("documents/<uuid:document_id>/", documents.document, name="document"),
    path("documents/<uuid:document_id>/again/", documents.reprocessing, name="reprocessing"),
    path("documents/<uuid:document_id>/reprocess/", documents.reprocess, name="reprocess"),
    path("documents/<uuid:document_id>/redeliver/", documents.redeliver, name="redeliver"),
    path("interchanges/<uuid:interchange_id>/", envelopes.interchange, name="interchange"),
    path("files/<uuid:file_id>/", envelopes.file, name="file"),
    path("files/<uuid:file_id>/bytes/", downloads.file_bytes, name="file_bytes"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("shipments/<uuid:shipment_id>/labels.pdf", downloads.labels, name="labels"),
    path("sent/<uuid:file_id>/bytes/", downloads.sent_bytes, name="sent_bytes"),
    path("mailboxes/<int:mailbox_id>/check/", transports.check_mailbox, name="check_mailbox"),
    path("mailboxes/<int:mailbox_id>/try/", transports.try_mailbox, name="try_mailbox"),
    *partner_paths,
]
