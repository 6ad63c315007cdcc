"""Addresses of webhooks in the API, and where others post their events."""

from __future__ import annotations

from django.urls import path

from distportal.web.webhooks import api
from distportal.web.webhooks.receiver import receive

urlpatterns = [
    path("hooks/<slug:name>", receive, name="hook_events"),
    path("webhooks", api.WebhooksView.as_view(), name="api_webhooks"),
    path("webhooks/<uuid:endpoint_id>", api.WebhookView.as_view(), name="api_webhook"),
    path("webhooks/<uuid:endpoint_id>/secret", api.WebhookSecretView.as_view(), name="api_webhook_secret"),
    path("webhooks/<uuid:endpoint_id>/test", api.WebhookTestView.as_view(), name="api_webhook_test"),
    path("webhooks/<uuid:endpoint_id>/deliveries", api.WebhookDeliveriesView.as_view(), name="api_webhook_deliveries"),
    path("webhooks/<uuid:endpoint_id>/replay", api.WebhookReplayView.as_view(), name="api_webhook_replay"),
]
