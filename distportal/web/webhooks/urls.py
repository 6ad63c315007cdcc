"""Addresses of webhooks on our own people's pages."""

from __future__ import annotations

from django.urls import path

from distportal.web.webhooks import console

app_name = "webhooks"
urlpatterns = [
    path("", console.index, name="index"),
    path("make/", console.make, name="make"),
    path("<uuid:endpoint_id>/", console.one, name="one"),
    path("<uuid:endpoint_id>/change/", console.change, name="change"),
    path("<uuid:endpoint_id>/secret/", console.rotate, name="rotate"),
    path("<uuid:endpoint_id>/switch/", console.switch, name="switch"),
    path("<uuid:endpoint_id>/test/", console.test, name="test"),
    path("<uuid:endpoint_id>/again/", console.again_range, name="again_range"),
    path("<uuid:endpoint_id>/again/<int:delivery_id>/", console.again, name="again"),
]
