"""What every endpoint of the API needs of a request: who calls, its keys and versions, and a file as an answer."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.models import Account
from distportal.common.errors import Changed, Invalid, NotFound, VersionNeeded
from distportal.web.api.auth import Client

KEY_HEADER = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "minLength": 8, "maxLength": 120}, OpenApiParameter.HEADER, required=True,
    description="8 to 120 characters; the same request with the same key is done once and answered alike.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag that you read, or * for whichever is there now; 412 where it changed since, 428 without one.",
)  # fmt: skip
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag that you have: 304 where it holds"
)
UNCHANGED = {304: OpenApiResponse(description="You have it as it is")}
ACCOUNT = OpenApiParameter("account", str, description="Our account code; not needed by a key of one account")
_TOKENS = uuid.UUID("0f1c7a0e-6f0b-5d0e-9b57-2f6d1c1f0a44")


def caller(request: Request) -> Client:
    """Who calls; permissions let nobody else through."""
    return cast(Client, request.user)


def account_of(request: Request) -> Account:
    """The account that the call is about, by `account` where the key acts for many. Raises Invalid where none is named,
    NotFound for one the key does not cover.
    """
    client, code = caller(request), request.query_params.get("account", "")
    rows = Account.objects.filter(**client.account_filter())
    if not code and not client.key.account_id:
        raise Invalid("Name the account; this key acts for many.")
    found = (rows.filter(code=code) if code else rows).first()
    if found is None:
        raise NotFound(f"No account {code} is open to this key.", account=code)
    return found


def source_key(client: Client, key: str) -> str:
    """What a process keeps of a request, so that the same one is done once."""
    return f"api:{client.key.identity}:{key}"


def token_of(client: Client, key: str) -> uuid.UUID:
    """The same for processes that keep a token."""
    return uuid.uuid5(_TOKENS, source_key(client, key))


def wanted_stamps(request: Request) -> frozenset[str] | None:
    """The versions that the caller would change, from If-Match; None for `*`: whichever is there (RFC 9110, 13.1.1).

    Raises VersionNeeded (428) without one. A mark that a proxy made weak on its way counts as it was.
    """
    told = request.headers.get("If-Match", "").strip()
    if not told:
        raise VersionNeeded("Send If-Match with the ETag that you read; nothing was changed.")
    return None if told == "*" else _marks(told)


def check_stamp(request: Request, stamp: str) -> None:
    """Raises Changed (412) where the thing is no longer as the caller read it."""
    wanted = wanted_stamps(request)
    if wanted is not None and stamp not in wanted:
        raise Changed("It changed since you read it; nothing was changed now. Read it again.")


def tagged(request: Request, response: Response, stamp: str) -> Response:
    """The answer with its ETag; 304 without a body where the caller has it."""
    told = request.headers.get("If-None-Match", "").strip()
    if request.method == "GET" and (told == "*" or stamp in _marks(told)):
        return Response(status=304, headers={"ETag": f'"{stamp}"'})
    response["ETag"] = f'"{stamp}"'
    return response


def _marks(told: str) -> frozenset[str]:
    """Of a list of ETags. Ours have no comma in them."""
    return frozenset(one.strip().removeprefix("W/").strip('"') for one in told.split(","))


def bytes_answer(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be kept, which can be nothing else."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
