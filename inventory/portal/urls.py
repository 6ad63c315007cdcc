"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from inventory.portal import documents, part_numbers, questions, views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue-question/", questions.ask, name="catalogue_question"),
    path("part-numbers/", part_numbers.show, name="part_numbers"),
    path("part-numbers/change/", part_numbers.change, name="part_numbers_change"),
    path("part-numbers/export/", part_numbers.export, name="part_numbers_export"),
    path("catalogue/<str:sku>/", views.item, name="item"),
    path("catalogue/<str:sku>/checks/", views.checks, name="item_checks"),
    path("catalogue/<str:sku>/documents/<uuid:document_id>/", documents.document, name="item_document"),
]
