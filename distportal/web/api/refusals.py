"""What the document of the API says of refusals: which there are of each call, all of one form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from distportal.web.api.compatibility import METHODS

EVIDENCE = {
    "type": "array",
    "description": "What would prove the claim, where `code` is `dispute_refused` for what proves it",
    "items": {
        "type": "object",
        "properties": {
            "item": {"type": "string", "description": "Its code in `evidence`"},
            "field": {"type": "string", "description": "Where it is sent: `files`, `text`, or `photos` of the line"},
            "position": {"type": "integer", "description": "Of the line on the invoice, where it is of one"},
        },
        "required": ["item", "field"],
    },
}
PROBLEM = {
    "type": "object",
    "description": "Why nothing was done, as RFC 9457 says it. `code` is stable, `detail` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string", "format": "uuid", "description": "What to tell us"},
        "fields": {"description": "What does not fit of which field, where `code` is `invalid`"},
        "evidence": EVIDENCE,
    },
    "required": ["type", "status", "code", "detail", "correlation_id"],
}
WORDS = {
    400: "It cannot be read, or fields do not fit",
    401: "The key is missing, not known, revoked or has expired",
    403: "The key may not do this, or not from this address",
    404: "There is nothing of that name here",
    409: "The first request with this key is still running, or it does not fit what is there",
    412: "It changed since you read it",
    413: "The request is too big",
    415: "Only the media types above are read",
    422: "It cannot be done like that; `detail` says why. Or the key was used for another request",
    428: "If-Match is missing",
    429: "Above the limits of the key, or put off under pressure: again after Retry-After",
    503: "Nothing can be stored safely for the moment: again after Retry-After",
}
CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def add_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The document, in which each call names every refusal it may answer, with the form of all of them."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, methods in result["paths"].items():
        for method in METHODS:
            if method in methods:
                _complete(path, method, methods[method])
    return result


def _complete(path: str, method: str, call: dict[str, Any]) -> None:
    told = call["responses"]
    for status in _statuses(path, method, call):
        told.setdefault(str(status), {"description": WORDS[status]})
    for status, answer in told.items():
        if status.startswith(("4", "5")) and "content" not in answer:
            answer["content"] = CONTENT
    call["responses"] = dict(sorted(told.items()))


def _statuses(path: str, method: str, call: dict[str, Any]) -> Iterator[int]:
    yield from (400, 401, 403, 429, 503)
    parameters = {(one["in"], one["name"]) for one in call.get("parameters", ())}
    if "{" in path or any(place == "query" for place, _ in parameters):
        yield 404
    if any(place == "query" for place, _ in parameters) or method != "get":
        yield 422
    if method != "get":
        yield from (409, 413, 415)
    if ("header", "If-Match") in parameters:
        yield from (412, 428)
