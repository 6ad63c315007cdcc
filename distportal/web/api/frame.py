"""What every answer of the API says besides its body: version, limits, and what ends when."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from distportal.web.api.endings import ENDINGS
from distportal.web.api.problems import plain_problem

PREFIX = "/api/"
API = "/api/v1/"
TOLD = {
    400: ("not_read", "The request cannot be read; nothing was done."),
    404: ("not_found", "There is no such address."),
    405: ("method_not_allowed", "This address is not called like that; nothing was done."),
    503: ("unavailable", "The portal is not available for the moment; send it again after Retry-After."),
}
FAILED = ("failed", "Something went wrong on our side. Send it again with the same Idempotency-Key.")


class ApiFrameMiddleware:
    """Adds the headers to whatever the API answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(API) and response.status_code >= 400:
            response = _as_problem(response)
        if request.path_info.startswith(PREFIX):
            for name, value in _headers(request).items():
                response.headers.setdefault(name, value)
        return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    """What Django itself refuses, or fails at, is told in the form of all refusals of the API."""
    if "json" in response.headers.get("Content-Type", ""):
        return response
    told = plain_problem(response.status_code, *TOLD.get(response.status_code, FAILED))
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            told[name] = response.headers[name]
    return told


def _headers(request: HttpRequest) -> Mapping[str, str]:
    told = {"API-Version": str(settings.SPECTACULAR_SETTINGS["VERSION"])}
    allowance = getattr(request, "api_allowance", None)
    if allowance is not None:
        told |= {
            "RateLimit-Limit": str(allowance.policy.burst),
            "RateLimit-Remaining": str(allowance.remaining),
            "RateLimit-Reset": str(allowance.reset),
        }
    match = request.resolver_match
    ending = ENDINGS.get(match.view_name or "") if match else None
    if ending is not None:
        told |= {
            "Deprecation": f"@{int(ending.deprecated_at.timestamp())}",
            "Sunset": http_date(ending.sunset_at.timestamp()),
            "Link": f'<{ending.link}>; rel="sunset"',
        }
    return told
