"""Files by API: sent ahead of what they belong to, cleaned and limited as those that people send with a form."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account
from distportal.common.pdf_files import MOST_BYTES
from distportal.observability.actor import acting
from distportal.uploads.cleaning import CleanFile, clean_file
from distportal.uploads.errors import FileTooBig, UnusableFile
from distportal.uploads.models import StoredFile
from distportal.uploads.sent_ahead import send_ahead
from distportal.web.api.calling import ACCOUNT, KEY_HEADER, account_of, caller, token_of
from distportal.web.api.idempotency import once

_FORM_ROOM = 64 * 1024
"""What a form may hold around its file."""
FORM = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}


class SentFile(serializers.ModelSerializer[StoredFile]):
    """A file as it is kept: made anew, so its bytes are not those that were sent. `id` is how a dispute names it."""

    class Meta:
        model = StoredFile
        fields = ("id", "name", "media_type", "size", "sha256")


class FilesView(APIView):
    """Files that wait for what they belong to; what nothing names within a week is forgotten."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.DISPUTES_WRITE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="files_create",
        request=FORM,
        parameters=[KEY_HEADER, ACCOUNT],
        responses={
            201: SentFile,
            409: OpenApiResponse(description="200 files of yours wait already, or the key is in use"),
            413: OpenApiResponse(description="A picture may have 5 MiB, a PDF 10 MiB"),
            422: OpenApiResponse(description="It is no picture (PNG, JPEG, WebP) and no PDF that is kept"),
        },
    )
    def post(self, request: Request) -> Response:
        """Send one picture or PDF; a dispute names it by its id."""
        account, (clean, digest) = account_of(request), _sent(request)
        return once(request, lambda key: _keep(request, account, clean, key), about=[account.code, clean.name, digest])


def _keep(request: Request, account: Account, clean: CleanFile, key: str) -> Response:
    client = caller(request)
    with acting(client.name):
        row = send_ahead(account=account, client=client.key.identity, form=token_of(client, key), file=clean)
    return Response(SentFile(row).data, status=201)


def _sent(request: Request) -> tuple[CleanFile, str]:
    """The clean file, and the digest of what was sent. Raises FileTooBig by the length alone, UnusableFile."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _FORM_ROOM:
        raise FileTooBig(_("A file has at most %(most)d bytes; nothing of it was kept") % {"most": MOST_BYTES})
    file = cast(dict[str, Any], request.data).get("file")
    if not isinstance(file, UploadedFile):
        raise UnusableFile(_("Send one file in the field `file` of a form; nothing was kept"))
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    file.seek(0)
    return clean_file(file), digest
