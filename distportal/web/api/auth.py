"""API keys and tokens of theirs: who calls, and whether the scopes cover the endpoint."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey
from distportal.accounts.networks import covers
from distportal.accounts.process import ended_key, use_api_key
from distportal.accounts.tokens import use_token
from distportal.web.wall import raise_for_key

if TYPE_CHECKING:
    from rest_framework.views import APIView  # at run time this import would go in a circle through the settings


@dataclass(frozen=True, slots=True)
class Client:
    """The caller behind a key; `is_authenticated` is what DRF asks of a user."""

    key: ApiKey
    scopes: frozenset[str]
    is_authenticated: bool = True

    @property
    def name(self) -> str:
        """`key:CRM`: how the caller is named in events and histories."""
        return f"key:{self.key.name}"

    def account_filter(self) -> dict[str, Any]:
        """What narrows accounts to those the key may act for; a house key may act for all."""
        return {"id": self.key.account_id} if self.key.account_id else {}

    def may_act_for(self, account: Account) -> bool:
        """Whether the key covers the account."""
        return self.key.account_id in (None, account.id)


def caller_address(request: HttpRequest) -> str:
    """The address that called us. A forwarded one counts only where proxies of ours stand before us, and of what they
    were told only what they noted themselves.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    noted = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(noted) >= proxies and noted[-proxies].strip():
        return noted[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <prefix>.<secret>`, or `Bearer <token>` with a token that the key was given."""

    def authenticate(self, request: Request) -> tuple[Client, ApiKey] | None:
        word, _, said = request.headers.get("Authorization", "").partition(" ")
        if word.lower() not in ("api-key", "bearer"):
            return None
        client = _behind_key(said.strip()) if word.lower() == "api-key" else _behind_token(said.strip())
        if not covers(client.key.networks, caller_address(request._request)):
            raise PermissionDenied(
                "This API key may not be used from your address. Nothing was done.", code="address_not_allowed"
            )
        if client.key.account_id:
            raise_for_key(request._request, client.key.account_id)
        return client, client.key

    def authenticate_header(self, request: Request) -> str:
        return "Api-Key, Bearer"


def _behind_key(secret: str) -> Client:
    key = use_api_key(secret=secret)
    if key is None:
        raise _refused(secret)
    return Client(key, frozenset(key.scopes))


def _refused(secret: str) -> AuthenticationFailed:
    """Who has the secret of a key that has ended hears that it has, and when; who guesses hears nothing."""
    key = ended_key(secret=secret)
    if key is None:
        return AuthenticationFailed("This API key is not known. Nothing was done.")
    if key.revoked or key.expiry_date is None:
        return AuthenticationFailed("This API key was revoked. Nothing was done; use another one.", code="key_revoked")
    ended = key.expiry_date.astimezone(dt.UTC)
    return AuthenticationFailed(
        f"This API key ended on {ended:%Y-%m-%d at %H:%M} UTC. Nothing was done; use the one that replaces it.",
        code="key_expired",
    )


def _behind_token(token: str) -> Client:
    found = use_token(token=token)
    if found is None:
        raise AuthenticationFailed(
            "This token is none of ours, is older than an hour, or its key is not live any more. Nothing was done."
        )
    return Client(*found)


class HasScope(BasePermission):
    """The view names its `scopes` by method; a view that names none is closed."""

    message = "This call is open to no key."

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = request.method or ""
        if isinstance(request.user, Client) and not hasattr(view, method.lower()):
            return True  # nothing answers it: that is 405, not a scope that is missing
        scope = scope_of(view, method)
        if scope:
            self.message = f"This call needs the scope {scope}, which the key or token does not have. Nothing was done."
        return isinstance(request.user, Client) and bool(scope) and scope in request.user.scopes


def scope_of(view: APIView, method: str) -> str:
    """The scope that the view's method needs; empty where it names none."""
    wanted: dict[str, str] = getattr(view, "scopes", {})
    return wanted.get(method, wanted.get("*", ""))


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document how keys and tokens are sent, and which scope each call needs."""

    target_class = "distportal.web.api.auth.ApiKeyAuthentication"
    name: list[str] = ["ApiKey", "OAuth"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        scope = scope_of(auto_schema.view, auto_schema.method)
        return [{"ApiKey": []}, {"OAuth": [str(scope)] if scope else []}]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        scopes = {str(scope.value): str(scope.label) for scope in Scope}
        token = {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": scopes}}
        return [
            {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Api-Key <prefix>.<secret>`"},
            {"type": "oauth2", "description": "A token of an hour, made with a key", "flows": token},
        ]
