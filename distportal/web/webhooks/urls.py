"""Addresses of webhooks on our own people's pages."""

from __future__ import annotations

from django.urls import path

from distportal.web.webhooks import console, senders

app_name = "webhooks"
urlpatterns = [
    path("", console.index, name="index"),
    path("make/", console.make, name="make"),
    path("<uuid:endpoint_id>/", console.ENDPOINT.one, name="one"),
    path("<uuid:endpoint_id>/change/", console.ENDPOINT.change, name="change"),
    path("<uuid:endpoint_id>/secret/", console.ENDPOINT.rotate, name="rotate"),
    path("<uuid:endpoint_id>/switch/", console.ENDPOINT.switch, name="switch"),
    path("<uuid:endpoint_id>/test/", console.ENDPOINT.test, name="test"),
    path("<uuid:endpoint_id>/again/", console.ENDPOINT.again_range, name="again_range"),
    path("<uuid:endpoint_id>/again/<int:delivery_id>/", console.ENDPOINT.again, name="again"),
    path("senders/", senders.index, name="senders"),
    path("senders/make/", senders.make, name="make_sender"),
    path("senders/<uuid:sender_id>/", senders.one, name="sender"),
    path("senders/<uuid:sender_id>/secret/", senders.rotate, name="rotate_sender"),
    path("senders/<uuid:sender_id>/switch/", senders.switch, name="switch_sender"),
    path("senders/<uuid:sender_id>/events/<uuid:received_id>/", senders.use_again, name="use_again"),
]
