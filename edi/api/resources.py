"""Files, interchanges and documents as a partner's system reads them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from edi.models import Document, InboundFile, Interchange, OutboundFile
from edi.process.file_bytes import sent_bytes_of
from edi.queries.exchange import answers_for, interchanges_of


class DocumentResource(serializers.ModelSerializer[Document]):
    """One transaction set; `findings` say what is wrong with it, in sentences."""

    order = serializers.CharField(default="", help_text="Our order number, once there is one")

    class Meta:
        model = Document
        fields = ("set_id", "control_number", "state", "findings", "order")


class AnswerResource(serializers.Serializer[Any]):
    """A 997 or TA1 that answers an interchange: the very bytes, as text."""

    set_id = serializers.CharField()
    name = serializers.CharField()
    content = serializers.CharField(help_text="ISO 8859-1")


class InterchangeResource(serializers.ModelSerializer[Interchange]):
    """One ISA to IEA with what it held and how it was answered."""

    documents = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()

    class Meta:
        model = Interchange
        fields = ("control_number", "sender", "receiver", "state", "notes", "documents", "answers")

    @extend_schema_field(DocumentResource(many=True))
    def get_documents(self, row: Interchange) -> list[dict[str, Any]]:
        rows = [document for group in row.groups.all() for document in group.documents.all()]
        return list(DocumentResource(sorted(rows, key=lambda one: one.position), many=True).data)

    @extend_schema_field(AnswerResource(many=True))
    def get_answers(self, row: Interchange) -> list[dict[str, Any]]:
        return [
            {"set_id": document.set_id, "name": file.name, "content": sent_bytes_of(file).decode("latin-1")}
            for document, file in answers_for(row.pk)
            if file.erased_at is None
        ]


class FileSummary(serializers.ModelSerializer[InboundFile]):
    """A file that was stored; `status_url` tells what became of it."""

    partner = serializers.CharField(source="mailbox.partner.code")
    status_url = serializers.SerializerMethodField()

    class Meta:
        model = InboundFile
        fields = ("id", "partner", "name", "size", "sha256", "state", "problem", "received_at", "status_url")

    def get_status_url(self, row: InboundFile) -> str:
        return str(reverse("api_edi_file", args=[row.pk]))


class FileResource(FileSummary):
    """The same with every interchange in it."""

    interchanges = serializers.SerializerMethodField()

    class Meta(FileSummary.Meta):
        fields = (*FileSummary.Meta.fields, "interchanges")  # type: ignore[assignment]

    @extend_schema_field(InterchangeResource(many=True))
    def get_interchanges(self, row: InboundFile) -> list[dict[str, Any]]:
        return list(InterchangeResource(interchanges_of(row.pk), many=True).data)


class OutboundResource(serializers.ModelSerializer[OutboundFile]):
    """A file of ours for the partner; fetch `content_url`, then confirm."""

    partner = serializers.CharField(source="partner.code")
    content_url = serializers.SerializerMethodField()

    class Meta:
        model = OutboundFile
        fields = (
            "id", "partner", "name", "sequence", "sha256", "delivery", "created_at", "delivered_at", "content_url",
        )  # fmt: skip

    def get_content_url(self, row: OutboundFile) -> str:
        return str(reverse("api_edi_outbound_content", args=[row.pk]))
