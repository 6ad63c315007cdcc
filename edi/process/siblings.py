"""What one interchange of a file suffers, the others do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

import structlog

log = structlog.get_logger(__name__)


class HasOffset(Protocol):
    """Something that stands in a file."""

    offset: int


T = TypeVar("T", bound=HasOffset)


def do_for_each(found: Iterable[T], do: Callable[[T], object], *, file: str) -> None:
    """Done for every one. Raises the first failure once the others had their turn: the next try takes it up."""
    failure: Exception | None = None
    for one in found:
        try:
            do(one)
        except Exception as error:  # one interchange must not stop its siblings; raised again below
            log.exception("edi.interchange_failed", file=file, offset=one.offset)
            failure = failure or error
    if failure:
        raise failure
