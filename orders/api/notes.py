"""Notes of an account by API: a CRM writes them down and reads them; dealers never see them."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account
from distportal.common.errors import NotFound
from distportal.observability.actor import acting
from distportal.web.api.auth import Client
from distportal.web.api.calling import KEY_HEADER, caller, source_key
from distportal.web.api.idempotency import once
from orders.models import AccountNote, Order
from orders.process.notes import LONGEST, write_note
from orders.queries.numbers import order_digits


class NoteRequest(serializers.Serializer[Any]):
    """A note about the account, or about one of its orders."""

    text = serializers.CharField(max_length=LONGEST)
    author = serializers.CharField(max_length=120, help_text="The person who wrote it")
    order = serializers.CharField(max_length=24, required=False, help_text="SO-1042; of this account")


class NoteResource(serializers.ModelSerializer[AccountNote]):
    """A note; all of them are internal."""

    account = serializers.CharField(source="account.code")
    order = serializers.SerializerMethodField()

    class Meta:
        model = AccountNote
        fields = ("id", "account", "order", "text", "author", "source", "written_at")

    def get_order(self, note: AccountNote) -> str:
        return str(note.order) if note.order else ""


class NotePagination(CursorPagination):
    """Newest first, 50 a page."""

    ordering = ("-written_at", "-pk")
    page_size = 50


class NotesView(GenericAPIView[AccountNote]):
    """The notes of an account. Only keys of the house: an account's own key would show it what is said about it."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.NOTES_READ, "POST": Scope.NOTES_WRITE}
    serializer_class = NoteResource
    pagination_class = NotePagination
    queryset = AccountNote.objects.none()
    filter_backends = ()

    def get_queryset(self) -> QuerySet[AccountNote]:
        if not isinstance(self.request.user, Client):
            return AccountNote.objects.none()
        account = _account(self.request, self.kwargs["account"])
        return AccountNote.objects.filter(account=account).select_related("account", "order")

    @extend_schema(operation_id="notes_list", responses=NoteResource(many=True))
    def get(self, request: Request, account: str) -> Response:
        """Newest first, a page at a time."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(NoteResource(page, many=True).data)

    @extend_schema(
        operation_id="notes_create",
        request=NoteRequest,
        parameters=[KEY_HEADER],
        responses={
            201: NoteResource,
            404: OpenApiResponse(description="There is no such account, or it has no such order"),
            422: OpenApiResponse(description="The key was used for another request"),
        },
    )
    def post(self, request: Request, account: str) -> Response:
        """Write a note down, once for each key."""
        asked = NoteRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        found = _account(request, account)
        return once(request, lambda key: _write(caller(request), found, key, asked.validated_data))


def _write(client: Client, account: Account, key: str, data: dict[str, Any]) -> Response:
    with acting(f"{client.name} for {data['author']}"):
        note = write_note(
            account=account,
            text=data["text"],
            author=data["author"],
            source=client.key.channel,
            source_key=source_key(client, key),
            order=_order(account, data.get("order", "")),
        )
    return Response(NoteResource(note).data, status=201)


def _account(request: Request, code: str) -> Account:
    client = cast(Client, request.user)
    found = Account.objects.filter(code=code).first() if client.key.account_id is None else None
    if found is None:
        raise NotFound(f"No notes of an account {code} are open to this key.")
    return found


def _order(account: Account, number: str) -> Order | None:
    if not number:
        return None
    digits = order_digits(number)
    found = Order.objects.filter(account=account, number=int(digits)).first() if digits else None
    if found is None:
        raise NotFound(f"{account.name} has no order {number}; nothing was written.")
    return found
