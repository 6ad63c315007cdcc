"""Addresses of the pages on rules and their versions."""

from __future__ import annotations

from django.urls import path

from distportal.web.governance import pages

app_name = "rules"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<slug:kind>/<str:rule_id>/", pages.rule, name="rule"),
    path("changes/<int:change_id>/withdraw/", pages.withdraw, name="withdraw"),
]
