"""Addresses of key figures."""

from django.urls import path

from distportal.web.figures import pages, rows

app_name = "kpis"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<slug:code>/", pages.figure, name="figure"),
    path("<slug:code>/rows/", rows.behind, name="rows"),
]
