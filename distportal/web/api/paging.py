"""Pages that stay right while rows are added."""

from rest_framework.pagination import CursorPagination


class CreatedCursorPagination(CursorPagination):
    """Newest first by `created_at`, 50 a page."""

    ordering = ("-created_at", "-pk")
    page_size = 50
