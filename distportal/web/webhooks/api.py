"""Webhooks by API: a key with the scope looks after those of its company, one of the house after those of the house."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.common.errors import NotAllowed, NotFound
from distportal.observability.actor import acting
from distportal.web.api.calling import caller
from distportal.web.api.limiting import policy_of
from distportal.webhooks import endpoints, replaying
from distportal.webhooks.models import Delivery, Endpoint

SECRET = "secret"  # noqa: S105 - the name of a field


class EndpointAsked(serializers.Serializer[Any]):
    """Where events go, and which: names as at /api/events/."""

    name = serializers.CharField(max_length=60)
    url = serializers.CharField(max_length=500, help_text="https, port 443 or 8443, a public address")
    event_types = serializers.ListField(child=serializers.CharField(max_length=60), max_length=100)


class EndpointChange(serializers.Serializer[Any]):
    """What is left out stays; `active` switches it on or off."""

    name = serializers.CharField(max_length=60, required=False)
    url = serializers.CharField(max_length=500, required=False)
    event_types = serializers.ListField(child=serializers.CharField(max_length=60), max_length=100, required=False)
    active = serializers.BooleanField(required=False)


class EndpointResource(serializers.ModelSerializer[Endpoint]):
    """A webhook; its secret is told once, where it was made."""

    class Meta:
        model = Endpoint
        fields = (
            "id", "name", "url", "event_types", "state", "off_reason", "off_at", "failing_since", "arrived_at",
            "old_secret_until", "created_at",
        )  # fmt: skip


class NewEndpoint(EndpointResource):
    """A webhook with its secret, which nobody can read again."""

    secret = serializers.CharField()

    class Meta(EndpointResource.Meta):
        fields = (*EndpointResource.Meta.fields, SECRET)  # type: ignore[assignment]


class DeliveryResource(serializers.ModelSerializer[Delivery]):
    """A message: `event_id` is its webhook-id, `next_at` when it is tried while it is pending."""

    class Meta:
        model = Delivery
        fields = (
            "id", "event_id", "event_type", "subject", "state", "attempts", "next_at", "last_status", "last_error",
            "occurred_at", "delivered_at",
        )  # fmt: skip


class ReplayAsked(serializers.Serializer[Any]):
    """One message by its id, or all that happened from `since` up to `until`."""

    delivery = serializers.IntegerField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One or the other. Raises ValidationError."""
        if ("delivery" in attrs) == ("since" in attrs and "until" in attrs):
            raise serializers.ValidationError("Give `delivery`, or `since` and `until`.")
        return attrs


class Replayed(serializers.Serializer[Any]):
    """How many messages are on their way again."""

    count = serializers.IntegerField()


class EndpointPagination(CursorPagination):
    """The newest first, 50 a page."""

    ordering = ("-created_at", "-pk")
    page_size = 50


class DeliveryPagination(CursorPagination):
    """The newest first, 50 a page."""

    ordering = "-pk"
    page_size = 50


class _Endpoints(GenericAPIView[Any]):
    scopes: ClassVar[dict[str, str]] = {"*": Scope.WEBHOOKS_ADMIN}
    serializer_class: type[serializers.ModelSerializer[Any]] = EndpointResource
    queryset = Endpoint.objects.none()
    pagination_class: type[CursorPagination] = EndpointPagination
    filter_backends = ()

    def rows(self) -> QuerySet[Endpoint]:
        """Those of the key's company; of the house for one of the house."""
        return Endpoint.objects.filter(account=caller(self.request).key.account)

    def found(self, endpoint_id: UUID) -> Endpoint:
        """The one. Raises NotFound for a foreign one as for none."""
        row = self.rows().filter(pk=endpoint_id).first()
        if row is None:
            raise NotFound("There is no such webhook here.")
        return row

    def whose(self, **more: Any) -> dict[str, Any]:
        """What processes want to know of the caller. Raises NotAllowed for a key that may not read every field: its
        webhook would be told them.
        """
        key = caller(self.request).key
        if policy_of(key).hidden_fields:
            raise NotAllowed("This key may not read every field, so it looks after no webhooks. Nothing was done.")
        return {"by": None, "account": key.account, **more}


class WebhooksView(_Endpoints):
    """The webhooks of the key's company."""

    @extend_schema(operation_id="webhooks_list", responses=EndpointResource(many=True))
    def get(self, request: Request) -> Response:
        """The newest first, a page at a time."""
        page = self.paginate_queryset(self.rows())
        return self.get_paginated_response(EndpointResource(page, many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        request=EndpointAsked,
        responses={201: NewEndpoint, 409: OpenApiResponse(description="There is one for this address already"),
                   422: OpenApiResponse(description="We send to no such address, or there is no such event")},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Make one. The secret is in this answer only."""
        asked = EndpointAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        with acting(caller(request).name):
            row, secret = endpoints.make_endpoint(**self.whose(**asked.validated_data))
        return _with_secret(row, secret, 201)


class WebhookView(_Endpoints):
    """One webhook."""

    @extend_schema(operation_id="webhooks_retrieve")
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """How it is."""
        return Response(EndpointResource(self.found(endpoint_id)).data)

    @extend_schema(operation_id="webhooks_change", request=EndpointChange, responses=EndpointResource)
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        """Change it, or switch it on or off."""
        asked = EndpointChange(data=request.data)
        asked.is_valid(raise_exception=True)
        row, told = self.found(endpoint_id), dict(asked.validated_data)
        active, which = told.pop("active", None), self.whose(endpoint_id=endpoint_id)
        with acting(caller(request).name):
            if told:
                now: dict[str, Any] = {"name": row.name, "url": row.url, "event_types": row.event_types}
                endpoints.change_endpoint(**which, **(now | told))
            if active is not None:
                (endpoints.turn_on if active else endpoints.turn_off)(**which)
        return Response(EndpointResource(self.found(endpoint_id)).data)


class WebhookSecretView(_Endpoints):
    """The secret of one webhook."""

    @extend_schema(operation_id="webhooks_replace_secret", request=None, responses={201: NewEndpoint})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """A new one, told in this answer only; for a day messages are signed with the old one, too."""
        with acting(caller(request).name):
            row, secret = endpoints.rotate_secret(**self.whose(endpoint_id=endpoint_id))
        return _with_secret(row, secret, 201)


class WebhookTestView(_Endpoints):
    """A test of one webhook."""

    @extend_schema(operation_id="webhooks_test", request=None, responses={202: DeliveryResource})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send `webhook.ping`, once."""
        row = endpoints.send_ping(**self.whose(endpoint_id=endpoint_id))
        row.refresh_from_db()
        return Response(DeliveryResource(row).data, status=202)


class WebhookDeliveriesView(_Endpoints):
    """The messages of one webhook."""

    serializer_class = DeliveryResource
    pagination_class = DeliveryPagination

    @extend_schema(operation_id="webhooks_deliveries", responses=DeliveryResource(many=True))
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """The newest first, a page at a time."""
        page = self.paginate_queryset(self.found(endpoint_id).deliveries.defer("body"))
        return self.get_paginated_response(DeliveryResource(page, many=True).data)


class WebhookReplayView(_Endpoints):
    """Messages once more."""

    @extend_schema(operation_id="webhooks_replay", request=ReplayAsked, responses={202: Replayed})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """Send one message again, or all that happened in a time: same ids, so a receiver does nothing twice."""
        asked = ReplayAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        if "delivery" in told:
            replaying.replay_delivery(**self.whose(endpoint_id=endpoint_id, delivery_id=told["delivery"]))
            return Response({"count": 1}, status=202)
        count = replaying.replay_range(**self.whose(endpoint_id=endpoint_id, since=told["since"], until=told["until"]))
        return Response({"count": count}, status=202)


def _with_secret(row: Endpoint, secret: str, status: int) -> Response:
    row.refresh_from_db()
    told = {**EndpointResource(row).data, SECRET: secret}
    return Response(told, status=status, headers={"Cache-Control": "no-store"})
