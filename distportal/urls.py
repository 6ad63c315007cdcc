"""Every address, composed by name."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from distportal.web import columns, joining, languages, views
from distportal.web.api import events
from distportal.web.api.files import FilesView
from distportal.web.api.pages import reference
from distportal.web.api.tokens import token

# One sign-in for all, with its rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "distportal.web.failing.failed"
urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("theme/", views.set_theme, name="set_theme"),
    path("columns/", columns.choose, name="set_columns"),
    path("keys/", views.keys, name="keys"),
    path("language/", languages.choose, name="set_language"),
    path("accounts/", include("distportal.web.sign_in_urls")),
    path("accounts/", include("allauth.urls")),
    path("notifications/", include("distportal.web.notices.urls")),
    path("messages/", include("distportal.web.threads.urls")),
    path("admin/", admin.site.urls),
    path("company/", include("distportal.web.company.urls")),
    path("dealers/", include("distportal.web.dealers.urls")),
    path("rules/", include("distportal.web.governance.urls")),
    path("personal-data/", include("distportal.web.personal.urls")),
    path("join/<str:token>/", joining.join, name="join"),
    path("webhooks/", include("distportal.web.webhooks.urls")),
    path("house-keys/", include("distportal.web.house_keys.urls")),
    path("kpis/", include("distportal.web.figures.urls")),
    path("desk/", include("exceptions.ops.urls")),
    path("", include("inventory.portal.urls")),
    path("", include("orders.portal.urls")),
    path("", include("orders.ops.urls")),
    path("", include("edi.ops.tower_urls")),
    path("edi/", include("edi.ops.urls")),
    path("", include("edi.api.urls")),
    path("api/v1/", include("inventory.api.urls")),
    path("api/v1/", include("orders.api.urls")),
    path("api/reference/", reference, name="api_reference"),
    path("api/events/", events.catalogue, name="event_catalogue"),
    path("api/events/<str:event_type>/schema", events.schema, name="api_event_schema"),
    path("api/v1/", include("distportal.web.webhooks.api_urls")),
    path("api/v1/token", token, name="api_token"),
    path("api/v1/files", FilesView.as_view(), name="api_files"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
]
