"""Addresses of notifications."""

from django.urls import path

from distportal.web.notices import inbox, previews, settings, unsubscribing

app_name = "notices"
urlpatterns = [
    path("", inbox.show, name="inbox"),
    path("read/", inbox.read, name="read"),
    path("<int:notice_id>/open/", inbox.open_one, name="open"),
    path("settings/", settings.show, name="settings"),
    path("settings/try-again/", settings.try_again, name="try_again"),
    path("unsubscribe/<str:token>/", unsubscribing.show, name="unsubscribe"),
    path("mails/", previews.index, name="previews"),
    path("mails/<str:key>.html", previews.as_html, name="preview_html"),
    path("mails/<str:key>.txt", previews.as_text, name="preview_text"),
]
