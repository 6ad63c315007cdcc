"""Addresses of EDI pages."""

from __future__ import annotations

from django.urls import path

from edi.ops import transports, views

app_name = "edi"
urlpatterns = [
    path("", views.documents, name="documents"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("interchanges/<uuid:interchange_id>/", views.interchange, name="interchange"),
    path("files/<uuid:file_id>/", views.file, name="file"),
    path("files/<uuid:file_id>/bytes/", views.file_bytes, name="file_bytes"),
    path("sent/<uuid:file_id>/bytes/", views.sent_bytes, name="sent_bytes"),
    path("mailboxes/<int:mailbox_id>/check/", transports.check_mailbox, name="check_mailbox"),
    path("mailboxes/<int:mailbox_id>/try/", transports.try_mailbox, name="try_mailbox"),
]
