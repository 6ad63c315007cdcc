"""Addresses of the pages on which operators look after keys of the house."""

from __future__ import annotations

from django.urls import path

from distportal.web.house_keys import pages

app_name = "house_keys"
urlpatterns = [
    path("", pages.index, name="index"),
    path("make/", pages.make, name="make"),
    path("<str:key_id>/replace/", pages.replace, name="replace"),
    path("<str:key_id>/revoke/", pages.revoke, name="revoke"),
]
