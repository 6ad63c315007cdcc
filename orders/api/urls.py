"""Addresses of the order API."""

from __future__ import annotations

from django.urls import path

from orders.api.carriers import carrier_events
from orders.api.views import OrdersView, OrderView

urlpatterns = [
    path("orders", OrdersView.as_view(), name="api_orders"),
    path("orders/<str:number>", OrderView.as_view(), name="api_order"),
    path("carriers/<slug:name>/events", carrier_events, name="carrier_events"),
]
