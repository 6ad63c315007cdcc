"""Addresses of the dealer's company pages."""

from __future__ import annotations

from django.urls import path

from distportal.web.company import roles

app_name = "company"
urlpatterns = [
    path("roles/", roles.show, name="roles"),
]
