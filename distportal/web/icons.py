"""`{% lucide %}` in templates: the library's icons, each drawn once a process. A list shows hundreds of a few."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as drawn

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=2048)
def lucide(name: str, *, size: int | None = 24, **kwargs: object) -> str:
    """The icon as SVG; the same as the library's own tag."""
    return drawn(name, size=size, **kwargs)
