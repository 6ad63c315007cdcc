"""Addresses of the item API."""

from __future__ import annotations

from django.urls import path

from inventory.api.documents import ItemDocumentsView, ItemDocumentView
from inventory.api.views import AvailabilityView, ItemsView, ItemView, PricesView

urlpatterns = [
    path("items", ItemsView.as_view(), name="api_items"),
    path("items/<str:sku>", ItemView.as_view(), name="api_item"),
    path("items/<str:sku>/documents", ItemDocumentsView.as_view(), name="api_item_documents"),
    path("items/<str:sku>/documents/<uuid:document_id>", ItemDocumentView.as_view(), name="api_item_document"),
    path("availability", AvailabilityView.as_view(), name="api_availability"),
    path("prices", PricesView.as_view(), name="api_prices"),
]
