"""Documents of items by API: which there are, and each as it is."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.common.errors import NotFound
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.web.api.calling import bytes_answer
from inventory.choices import DocumentKind, DocumentLanguage
from inventory.models import Item, ItemDocumentVersion
from inventory.queries.documents import document_of, documents_of

TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp")
FILE: dict[Any, Any] = {(200, one): OpenApiTypes.BINARY for one in TYPES}


class ItemDocumentResource(serializers.Serializer[Any]):
    """A document as it holds today. `sha256` is that of the file behind `url`: it changes with it."""

    id = serializers.UUIDField(source="document_id")
    kind = serializers.ChoiceField(choices=DocumentKind.choices, source="document.kind")
    title = serializers.CharField(source="document.title")
    language = serializers.ChoiceField(
        choices=DocumentLanguage.choices, source="document.language", allow_blank=True,
        help_text="Empty for what has no words",
    )  # fmt: skip
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="The last day")
    name = serializers.CharField()
    media_type = serializers.ChoiceField(choices=TYPES)
    size = serializers.IntegerField(source="file.size")
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, row: ItemDocumentVersion) -> str:
        return reverse("api_item_document", args=[self.context["sku"], row.document_id])


class ItemDocumentsView(APIView):
    """The documents of an item."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CATALOGUE_READ}

    @extend_schema(operation_id="item_documents_list", responses=ItemDocumentResource(many=True))
    def get(self, request: Request, sku: str) -> Response:
        """Data sheets, certificates, drawings, manuals and pictures that dealers may have today."""
        item = get_object_or_404(Item.objects.only("sku"), sku=sku)
        rows = documents_of(item.sku, on=site_day(database_now()))
        return Response(ItemDocumentResource(rows, many=True, context={"sku": item.sku}).data)


class ItemDocumentView(APIView):
    """One document of an item."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CATALOGUE_READ}

    @extend_schema(operation_id="item_document", responses=FILE)
    def get(self, request: Request, sku: str, document_id: UUID) -> HttpResponse:
        """Its file; 404 once it is withdrawn or over."""
        row = document_of(sku, document_id, on=site_day(database_now()))
        if row is None:
            raise NotFound("There is no such document of this item.")
        return bytes_answer(bytes(row.content), row.media_type, row.name)
