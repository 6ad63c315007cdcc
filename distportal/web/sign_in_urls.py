"""Addresses of the library for signing in that lead nowhere here: nobody signs up, and an administrator of the company
says what a person's e-mail is.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path


def _closed(request: HttpRequest, key: str = "") -> HttpResponseBase:
    raise Http404


urlpatterns = [
    path("signup/", _closed),
    path("email/", _closed),
    path("confirm-email/", _closed),
    path("confirm-email/<str:key>/", _closed),
    path("login/code/confirm/", _closed),
]
