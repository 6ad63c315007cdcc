"""`POST /api/v1/token`: OAuth 2 client credentials (RFC 6749, 4.4) for clients that are given nothing else."""

from __future__ import annotations

import base64
import binascii
import math
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from distportal.accounts.networks import covers
from distportal.accounts.process import use_api_key
from distportal.accounts.tokens import LIFE, make_token
from distportal.web.api.auth import caller_address
from distportal.web.api.limiting import take_call

FORM = "application/x-www-form-urlencoded"


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token of an hour for the scopes that were asked for, all of the key's where none was. Refusals have the form
    that OAuth clients know: `error` and, for people, `error_description`.
    """
    grant = request.POST.get("grant_type", "") if request.content_type == FORM else ""
    if not grant:
        return _no(400, "invalid_request", f"Send a form ({FORM}) with grant_type.")
    if grant != "client_credentials":
        return _no(400, "unsupported_grant_type", "There is grant_type=client_credentials alone.")
    key = use_api_key(secret=_secret(request))
    if key is None:
        refused = _no(401, "invalid_client", "This API key is not known, was revoked or has expired.")
        refused["WWW-Authenticate"] = 'Basic realm="API keys"'
        return refused
    if not covers(key.networks, caller_address(request)):
        return _no(400, "unauthorized_client", "This API key may not be used from your address.")
    allowance = take_call(key)
    request.api_allowance = allowance  # type: ignore[attr-defined]  # told in headers
    if allowance.wait:
        refused = _no(429, "temporarily_unavailable", "Above the limits of the key: again after Retry-After.")
        refused["Retry-After"] = str(math.ceil(allowance.wait))
        return refused
    wanted = set(request.POST.get("scope", "").split()) or set(key.scopes)
    if lacking := sorted(wanted - set(key.scopes)):
        return _no(400, "invalid_scope", f"The key does not have {', '.join(lacking)[:200]}.")
    told = {"access_token": make_token(key, wanted), "token_type": "Bearer", "expires_in": int(LIFE.total_seconds())}
    return JsonResponse({**told, "scope": " ".join(sorted(wanted))}, headers={"Cache-Control": "no-store"})


def _secret(request: HttpRequest) -> str:
    """The whole key as the client named it: by HTTP Basic, or as client_id and client_secret of the form."""
    word, _, said = request.headers.get("Authorization", "").partition(" ")
    name, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    if word.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(said.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        name, secret = unquote_plus(name), unquote_plus(secret)
    return secret if secret.startswith(f"{name}.") else f"{name}.{secret}"


def _no(status: int, error: str, sentence: str) -> HttpResponse:
    told = {"error": error, "error_description": sentence}
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store"})
