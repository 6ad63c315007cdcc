"""Addresses of the order API."""

from __future__ import annotations

from django.urls import path

from orders.api.carriers import carrier_events
from orders.api.notes import NotesView
from orders.api.views import OrdersView, OrderView

urlpatterns = [
    path("orders", OrdersView.as_view(), name="api_orders"),
    path("accounts/<str:account>/notes", NotesView.as_view(), name="api_notes"),
    path("orders/<str:number>", OrderView.as_view(), name="api_order"),
    path("carriers/<slug:name>/events", carrier_events, name="carrier_events"),
]
