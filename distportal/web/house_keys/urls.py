"""Addresses of the pages on which operators look after keys of the house."""

from __future__ import annotations

from django.urls import path

from distportal.web.house_keys import pages

app_name = "house_keys"
urlpatterns = [
    path("", pages.index, name="index"),
    path("make/", pages.make, name="make"),
    path("<str:prefix>/replace/", pages.replace, name="replace"),
    path("<str:prefix>/revoke/", pages.revoke, name="revoke"),
]
