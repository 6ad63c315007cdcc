"""Addresses of the pages on which our own people look after dealers."""

from __future__ import annotations

from django.urls import path

from distportal.web.dealers import reviews, visits

app_name = "dealers"
urlpatterns = [
    path("", visits.index, name="index"),
    path("people/<uuid:membership_id>/", visits.begin, name="visit"),
    path("end/", visits.end, name="end"),
    path("<uuid:account_id>/invite/", visits.invite_administrator, name="invite"),
    path("addresses/", reviews.index, name="addresses"),
    path("addresses/<uuid:ship_to_id>/", reviews.answer, name="review"),
]
