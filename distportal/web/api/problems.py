"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from distportal.common.errors import DomainError
from distportal.observability.correlation import correlation_id
from distportal.web.api.refusal_words import words_of

PROBLEM_JSON = "application/problem+json"
_POSTED = {400: "not_read", 401: "not_believed", 404: "not_found", 413: "too_big", 503: "unavailable"}
log = structlog.get_logger(__name__)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document of a known error; None lets Django answer 500 for an unknown one."""
    if isinstance(error, DomainError):
        refusal = problem(error.http_status, error.code, error.message, **error.data)
        if "retry_after" in error.data:
            refusal["Retry-After"] = str(error.data["retry_after"])
        return refusal
    if isinstance(error, OperationalError | InterfaceError):
        log.exception("api.database_away")
        away = problem(503, "database_away", "The database does not answer; nothing was stored, send it again.")
        away["Retry-After"] = "60"
        return away
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return problem(413, "too_big", f"A request has at most {most} bytes; nothing of it was read.")
    if isinstance(error, ValidationError):
        return problem(400, "invalid", "Some fields do not fit; nothing was done.", fields=error.detail)
    response = exception_handler(error, context)
    if response is None:
        return None
    code = {Http404: "not_found", PermissionDenied: "not_allowed"}.get(type(error), "")
    if isinstance(error, APIException):
        code = str(error.get_codes())
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    detail = words_of(error, context.get("view"), context.get("request")) or detail
    answer = problem(response.status_code, code, str(detail))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """One problem document; `code` is stable, `detail` is for people."""
    return Response(_body(status, code, detail, more), status=status, content_type=PROBLEM_JSON)


def plain_problem(status: int, code: str, detail: str) -> HttpResponse:
    """The same outside of a view of the API."""
    return JsonResponse(_body(status, code, detail, {}), status=status, content_type=PROBLEM_JSON)


def refused_post(status: int, sentence: str) -> HttpResponse:
    """Why a post of another system was not taken; nothing of it was kept."""
    return plain_problem(status, _POSTED[status], f"{sentence} Nothing was kept.")


def reused_id() -> HttpResponse:
    """Another system's post has the id of one before it, and says something else."""
    return plain_problem(409, "id_reused", "This id was used for other content; the first one holds.")


def _body(status: int, code: str, detail: str, more: Mapping[str, Any]) -> dict[str, Any]:
    title = HTTPStatus(status).phrase  # as RFC 9457 wants of about:blank
    told = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return {**told, "correlation_id": str(correlation_id())}
