"""EDI over HTTPS: upload files, follow what becomes of them, collect ours."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.common.errors import Invalid
from distportal.events.idempotency import StoredAnswer, claim_key
from distportal.events.pressure import require_order_intake
from distportal.observability.actor import acting
from distportal.web.api.auth import Client
from distportal.web.api.calling import caller
from distportal.web.api.idempotency import keep_answer, replayed
from edi.api.paging import FilesPagination, OutboundPagination
from edi.api.resources import FileResource, FileSummary, OutboundResource
from edi.api.uploads import PARSERS, TooBig, Upload, upload_of
from edi.choices import Delivery
from edi.errors import UnknownPartner
from edi.models import InboundFile, OutboundFile, TradingPartner
from edi.process.delivery import note_collected
from edi.process.file_bytes import sent_bytes_of
from edi.process.mailboxes import store_body
from edi.process.oversize import Oversize, note_big_upload
from edi.queries.exchange import outbound_files, partner_for_upload, uploaded_files
from edi.transports.arriving import Reading

PARTNER = OpenApiParameter(
    "partner", OpenApiTypes.STR, description="Partner code; may be left out by a key whose account has one partner"
)
UPLOAD_PARAMETERS = [
    PARTNER,
    OpenApiParameter("name", OpenApiTypes.STR, description="The file's name; the same name and bytes are one file"),
    OpenApiParameter(
        "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER,
        description="Up to 120 characters; the same key with other bytes is refused",
    ),
]  # fmt: skip


class EdiFilesView(GenericAPIView[InboundFile]):
    """Files from partners."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.EDI_READ, "POST": Scope.EDI_WRITE}
    serializer_class = FileSummary
    parser_classes = PARSERS
    pagination_class = FilesPagination
    filter_backends = ()
    queryset = InboundFile.objects.none()

    def get_queryset(self) -> QuerySet[InboundFile]:
        accounts = caller(self.request).account_filter() if isinstance(self.request.user, Client) else {"id": None}
        return uploaded_files(accounts).select_related("mailbox__partner")

    @extend_schema(operation_id="edi_files_list", responses=FileSummary(many=True))
    def get(self, request: Request) -> Response:
        """Newest first, a page at a time."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(FileSummary(page, many=True).data)

    @extend_schema(
        operation_id="edi_files_create",
        request={"application/edi-x12": OpenApiTypes.BINARY, "application/octet-stream": OpenApiTypes.BINARY,
                 "multipart/form-data": {"type": "object", "properties": {"file": {"type": "string",
                                                                                "format": "binary"}}}},
        parameters=UPLOAD_PARAMETERS,
        responses={
            202: FileSummary,
            404: OpenApiResponse(description="The partner is not one of yours, or several are and none was named"),
            413: OpenApiResponse(description="Too big"),
            422: OpenApiResponse(description="Empty, or the key was used for other bytes"),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Store a file. It is safe once 202 is answered; what it holds is read a moment later."""
        require_order_intake()
        client = caller(request)
        partner = _partner(client, request.query_params.get("partner", ""))
        try:
            with upload_of(request) as upload, acting(client.name):
                return _once(client, request.headers.get("Idempotency-Key", "").strip()[:120], partner, upload)
        except TooBig as error:
            with acting(client.name):
                note_big_upload(mailbox=partner.mailbox, came=Oversize(**error.data, headers=request.headers))
            raise


class EdiFileView(GenericAPIView[InboundFile]):
    """One file."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.EDI_READ}
    serializer_class = FileResource
    filter_backends = ()
    queryset = InboundFile.objects.none()

    @extend_schema(operation_id="edi_files_retrieve")
    def get(self, request: Request, file_id: uuid.UUID) -> Response:
        """What became of it: interchanges, documents with findings, and the 997s and TA1s themselves."""
        rows = uploaded_files(caller(request).account_filter()).select_related("mailbox__partner")
        return Response(FileResource(get_object_or_404(rows, pk=file_id)).data)


class OutboundFilesView(GenericAPIView[OutboundFile]):
    """Files of ours for partners."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.EDI_READ}
    serializer_class = OutboundResource
    pagination_class = OutboundPagination
    filter_backends = ()
    queryset = OutboundFile.objects.none()

    @extend_schema(
        operation_id="edi_outbound_list",
        parameters=[PARTNER, OpenApiParameter("delivery", OpenApiTypes.STR, enum=Delivery.values, default="waiting")],
        responses=OutboundResource(many=True),
    )
    def get(self, request: Request) -> Response:
        """In the order of their control numbers; those that wait, unless `delivery` says otherwise."""
        rows = outbound_files(caller(request).account_filter()).defer("content")
        delivery = request.query_params.get("delivery") or Delivery.WAITING
        if delivery not in Delivery.values:
            raise Invalid(f"A file is {', '.join(Delivery.values)}; there is no other delivery.")
        rows = rows.filter(delivery=delivery)
        if request.query_params.get("partner"):
            rows = rows.filter(partner__code=request.query_params["partner"])
        return self.get_paginated_response(OutboundResource(self.paginate_queryset(rows), many=True).data)


class OutboundContentView(GenericAPIView[OutboundFile]):
    """The bytes of one file of ours."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.EDI_READ}
    serializer_class = OutboundResource
    filter_backends = ()
    queryset = OutboundFile.objects.none()

    @extend_schema(operation_id="edi_outbound_content", responses={(200, "application/edi-x12"): OpenApiTypes.BINARY})
    def get(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """As often as you like: nothing is marked by reading. 410 once the bytes are older than they are kept."""
        file = get_object_or_404(outbound_files(caller(request).account_filter()), pk=file_id)
        return HttpResponse(
            sent_bytes_of(file),
            content_type="application/edi-x12",
            headers={"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"},
        )


class OutboundFetchedView(GenericAPIView[OutboundFile]):
    """Confirm one file of ours."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.EDI_WRITE}
    serializer_class = OutboundResource
    filter_backends = ()
    queryset = OutboundFile.objects.none()

    @extend_schema(
        operation_id="edi_outbound_fetched",
        request=None,
        responses={200: OutboundResource, 409: OpenApiResponse(description="The file goes another way")},
    )
    def post(self, request: Request, file_id: uuid.UUID) -> Response:
        """The file is delivered: you have it and it waits no more. Said twice, it counts once."""
        client = caller(request)
        file = get_object_or_404(outbound_files(client.account_filter()).defer("content"), pk=file_id)
        with acting(client.name):
            note_collected(file_id=file.pk)
        file.refresh_from_db(fields=["delivery", "delivered_at"])
        return Response(OutboundResource(file).data)


def _partner(client: Client, code: str) -> TradingPartner:
    partner = partner_for_upload(accounts=client.account_filter(), code=code)
    if partner is None:
        raise UnknownPartner(
            "Name the partner: this key does not stand for exactly one; nothing was stored."
            if not code
            else f"No partner {code[:20]} with a mailbox is open to this key; nothing was stored."
        )
    return partner


def _once(client: Client, key: str, partner: TradingPartner, upload: Upload) -> Response:
    """The stored file; without a key, name and bytes themselves make a repeat the same file."""
    if not key:
        return _store(partner, upload)
    name = client.key.identity
    digest = f"{partner.code}/{upload.name}/{upload.sha256}"
    request_hash = hashlib.sha256(digest.encode()).hexdigest()
    held = claim_key(client=name, key=key, request_hash=request_hash)
    if isinstance(held, StoredAnswer):
        return replayed(held)
    response = _store(partner, upload)
    keep_answer(held, response)
    return response


def _store(partner: TradingPartner, upload: Upload) -> Response:
    row = store_body(mailbox=partner.mailbox, name=upload.name, body=Reading(upload.content))
    body: dict[str, Any] = dict(FileSummary(row).data)
    return Response(body, status=202)
