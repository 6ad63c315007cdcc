"""Pages of files."""

from rest_framework.pagination import CursorPagination


class FilesPagination(CursorPagination):
    """Newest first, 50 a page."""

    ordering = ("-received_at", "-pk")
    page_size = 50


class OutboundPagination(CursorPagination):
    """In the order in which they are to be read, 50 a page."""

    ordering = ("partner_id", "sequence")
    page_size = 50
