"""Addresses that partners' systems call."""

from __future__ import annotations

from django.urls import path

from edi.api import views
from edi.api.as2 import as2

urlpatterns = [
    path("as2", as2, name="as2"),
    path("api/v1/edi/files", views.EdiFilesView.as_view(), name="api_edi_files"),
    path("api/v1/edi/files/<uuid:file_id>", views.EdiFileView.as_view(), name="api_edi_file"),
    path("api/v1/edi/outbound", views.OutboundFilesView.as_view(), name="api_edi_outbound"),
    path(
        "api/v1/edi/outbound/<uuid:file_id>/content",
        views.OutboundContentView.as_view(),
        name="api_edi_outbound_content",
    ),
    path(
        "api/v1/edi/outbound/<uuid:file_id>/fetched",
        views.OutboundFetchedView.as_view(),
        name="api_edi_outbound_fetched",
    ),
]
