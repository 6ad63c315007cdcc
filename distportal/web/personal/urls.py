"""Addresses of the pages on personal data."""

from __future__ import annotations

from django.urls import path

from distportal.web.personal import pages

app_name = "personal"
urlpatterns = [
    path("", pages.index, name="index"),
    path("ask/", pages.ask_for, name="ask"),
    path("<uuid:request_id>/agree/", pages.agree_to, name="agree"),
    path("<uuid:request_id>/withdraw/", pages.take_back, name="withdraw"),
    path("<uuid:request_id>/file/", pages.file, name="file"),
]
