"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from inventory.portal import views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<str:sku>/", views.item, name="item"),
    path("catalogue/<str:sku>/checks/", views.checks, name="item_checks"),
]
