"""What is done now, as spans for a tracing system. Nothing is told, and nothing costs, until one is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol
from uuid import UUID

Role = Literal["server", "consumer", "producer", "client", "internal"]
Facts = Mapping[str, str | int]


class Span(Protocol):
    """One piece of work while it lasts."""

    def rename(self, name: str) -> None:
        """Another name, once one knows better what it is."""

    def note(self, facts: Facts) -> None:
        """More attributes; what is not listed in `distportal.observability.otel.scrubbing` leaves nothing."""

    def fail(self, kind: str) -> None:
        """It did not go well: `kind` is a code or the name of an error, never its words."""


class Tracing(Protocol):
    """Who is told of spans."""

    def story(self, story: UUID) -> AbstractContextManager[None]:
        """The block belongs to the story: it is the trace, whichever process it goes on in."""

    def span(self, name: str, role: Role, facts: Facts, *, begins: bool) -> AbstractContextManager[Span]:
        """The block as a span of the story that is told; the first of all where the story `begins` with it."""

    def quiet(self) -> AbstractContextManager[None]:
        """Nothing of the block is told, but for what it does in another story."""

    def stop(self) -> None:
        """Hand over what was not sent yet, for a few seconds at most."""


class Untold:
    """The span that nobody hears of."""

    def rename(self, name: str) -> None:
        pass

    def note(self, facts: Facts) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass


class Silence:
    """Tracing that is off."""

    def story(self, story: UUID) -> AbstractContextManager[None]:
        return nullcontext()

    def span(self, name: str, role: Role, facts: Facts, *, begins: bool) -> AbstractContextManager[Span]:
        return nullcontext(Untold())

    def quiet(self) -> AbstractContextManager[None]:
        return nullcontext()

    def stop(self) -> None:
        pass


_tracing: Tracing = Silence()


def tell_spans_to(tracing: Tracing) -> None:
    """From now on this process tells its spans to it; `Silence()` ends that."""
    global _tracing
    _tracing = tracing


def in_story(story: UUID) -> AbstractContextManager[None]:
    """The block belongs to the story of that id."""
    return _tracing.story(story)


def span(
    name: str, role: Role = "internal", facts: Facts | None = None, *, begins: bool = False
) -> AbstractContextManager[Span]:
    """The block as a span of the story that is told; `begins` says that the story has none before it."""
    return _tracing.span(name, role, facts or {}, begins=begins)


def untold() -> AbstractContextManager[None]:
    """The block, and the calls it makes, as no span: for what comes every few seconds to see if there is work."""
    return _tracing.quiet()


def stop_telling() -> None:
    """Before the process ends."""
    _tracing.stop()
