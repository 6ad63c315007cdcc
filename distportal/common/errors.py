"""The error every process function raises; edges turn it into a page, a problem document or a case."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a caller can act on. `code` is stable and short, `data` is structured, `retryable` says whether
    the same call can succeed later without anybody changing anything."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 400
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data

    @property
    def sentence(self) -> str:
        """The message as a sentence of its own."""
        return f"{self.message[:1].upper()}{self.message[1:].rstrip('.')}."


class NotFound(DomainError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    http_status = 404


class NotAllowed(DomainError):
    """The caller may see the thing but not do this to it."""

    code = "not_allowed"
    http_status = 403


class Conflict(DomainError):
    """The thing changed, or the same key came with other content."""

    code = "conflict"
    http_status = 409


class Changed(Conflict):
    """The caller named the version it had read, and that is not the newest any more."""

    code = "changed"
    http_status = 412


class VersionNeeded(Conflict):
    """A change has to name the version it is made on."""

    code = "version_needed"
    http_status = 428


class Invalid(DomainError):
    """The input does not fit; `data["fields"]` names what and why where that is known."""

    code = "invalid"
    http_status = 422


class IllegalMove(Conflict):
    """A state change that the transition table does not have."""

    code = "illegal_move"


class UnusableView(Invalid):
    """A view without a name or a filter, or one too many; nothing was saved."""

    code = "unusable_view"
