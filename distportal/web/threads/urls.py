"""Addresses of messages on records."""

from django.urls import path

from distportal.web.threads import pages, posting

app_name = "threads"
urlpatterns = [
    path("", pages.index, name="index"),
    path("on/<str:subject>/", posting.post, name="post"),
    path("files/<uuid:file_id>/", pages.file, name="file"),
    path("<uuid:thread_id>/", pages.show, name="show"),
    path("<uuid:thread_id>/settled/", posting.settle, name="settle"),
]
