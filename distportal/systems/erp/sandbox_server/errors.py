"""What the ERP answers when it says no: RFC 9457 problem documents with a stable code."""

from __future__ import annotations


class Problem(Exception):
    """A refusal; the transaction it is raised in is rolled back."""

    def __init__(self, status: int, code: str, detail: str, **fields: object) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = fields

    def document(self) -> dict[str, object]:
        """The problem as JSON."""
        return {"type": "about:blank", "title": self.code, "status": self.status, "code": self.code,
                "detail": self.detail, **self.fields}  # fmt: skip


class NotFound(Problem):
    """No such document or record."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "not_found", f"{what} does not exist")


class Invalid(Problem):
    """The request is understood and refused."""

    def __init__(self, code: str, detail: str, **fields: object) -> None:
        super().__init__(422, code, detail, **fields)


class WrongState(Problem):
    """The document is not in a state in which this can be done."""

    def __init__(self, detail: str) -> None:
        super().__init__(409, "state_conflict", detail)
