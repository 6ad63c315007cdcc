"""Shipments by API: what left, where it was seen, who took it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.web.api.calling import bytes_answer
from orders.api.filters import SinceFilter
from orders.api.scoping import ScopedView, found_or_404, rows_of
from orders.models import ProofOfDelivery, Shipment, ShipmentLine, TrackingEvent


class ShipmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account, PO number, the carrier's number and time of leaving."""

    account = django_filters.CharFilter(field_name="order__account__code")
    po_number = django_filters.CharFilter(field_name="order__po_number")
    shipped_since = SinceFilter(field_name="shipped_at", lookup_expr="gte")

    class Meta:
        model = Shipment
        fields = ("account", "po_number", "tracking_number", "shipped_since")


class ShipmentPagination(CursorPagination):
    """The latest first, 50 a page."""

    ordering = ("-shipped_at", "-pk")
    page_size = 50


class ShipmentLineResource(serializers.ModelSerializer[ShipmentLine]):
    """How much of an order line is in it, in the line's unit."""

    line_no = serializers.CharField(source="order_line.line_no")
    sku = serializers.CharField(source="order_line.item.sku", default="")
    unit = serializers.CharField(source="order_line.unit")

    class Meta:
        model = ShipmentLine
        fields = ("line_no", "sku", "quantity", "unit", "carton", "lot", "expires_on")


class TrackingResource(serializers.ModelSerializer[TrackingEvent]):
    """One status as the carrier told it."""

    class Meta:
        model = TrackingEvent
        fields = ("at", "kind", "status", "meaning", "reason", "place")


class ProofResource(serializers.ModelSerializer[ProofOfDelivery]):
    """Who took it and when; `image_url` where there is a picture of it."""

    image_url = serializers.SerializerMethodField()

    class Meta:
        model = ProofOfDelivery
        fields = ("id", "signed_by", "delivered_at", "place", "image_url")

    def get_image_url(self, proof: ProofOfDelivery) -> str:
        return reverse("api_proof_image", args=[proof.pk]) if proof.image_id else ""


class ShipmentSummary(serializers.ModelSerializer[Shipment]):
    """A shipment in a list."""

    account = serializers.CharField(source="order.account.code")
    order = serializers.SerializerMethodField()
    po_number = serializers.CharField(source="order.po_number")

    class Meta:
        model = Shipment
        fields = (
            "number", "account", "order", "po_number", "carrier", "tracking_number", "bill_of_lading", "cartons",
            "shipped_at", "estimated_delivery_on", "delivered_at",
        )  # fmt: skip

    def get_order(self, shipment: Shipment) -> str:
        return str(shipment.order)


class ShipmentResource(ShipmentSummary):
    """A shipment with its lines, its way and the proofs of delivery."""

    lines = ShipmentLineResource(many=True)
    tracking = TrackingResource(many=True)
    proofs = ProofResource(many=True)

    class Meta(ShipmentSummary.Meta):
        fields = (*ShipmentSummary.Meta.fields, "lines", "tracking", "proofs")  # type: ignore[assignment]


class ShipmentsView(ScopedView):
    """The shipments of the accounts that the key covers."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}
    filterset_class = ShipmentFilter
    serializer_class = ShipmentSummary
    pagination_class = ShipmentPagination
    queryset = Shipment.objects.none()
    rows = Shipment.objects.select_related("order__account").defer("canonical", "order__canonical")

    @extend_schema(operation_id="shipments_list", responses=ShipmentSummary(many=True))
    def get(self, request: Request) -> Response:
        """The latest first, a page at a time."""
        return self.page_of(ShipmentSummary)


class ShipmentView(ScopedView):
    """One shipment."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}
    serializer_class = ShipmentResource
    filter_backends = ()
    queryset = Shipment.objects.none()
    rows = Shipment.objects.select_related("order__account")

    @extend_schema(operation_id="shipments_retrieve")
    def get(self, request: Request, number: str) -> Response:
        """What is in it, where it was seen and who took it."""
        rows: QuerySet[Any] = self.get_queryset().prefetch_related("lines__order_line__item", "tracking", "proofs")
        return Response(ShipmentResource(found_or_404(rows, number=number)).data)


class ProofImageView(APIView):
    """The picture of a proof of delivery."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}

    @extend_schema(
        operation_id="proof_image",
        responses={(200, "image/png"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, proof_id: UUID) -> HttpResponse:
        """Its bytes, cleaned when it came."""
        rows = ProofOfDelivery.objects.filter(image__isnull=False).select_related("image")
        proof = found_or_404(rows_of(request, rows), pk=proof_id)
        suffix = proof.image.media_type.rpartition("/")[2]
        return bytes_answer(bytes(proof.image.content), proof.image.media_type, f"proof-{proof.pk}.{suffix}")
