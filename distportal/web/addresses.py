"""`{% url %}` as lists need it: a page of fifty rows names a hundred addresses of three patterns.

Django looks each pattern up, and tries it, for every address. Here a pattern is looked up once a process; what stands
around its one argument is kept. Whatever is not as plain as that goes Django's way.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as do_url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

register = template.Library()


class _Dotted(str):
    """Text with a dot, which fewer patterns take."""

    __slots__ = ()


_SAMPLES: dict[type, Any] = {
    int: 80706050403, str: "Zz9-_q7", _Dotted: "Zz9-_.q7", UUID: UUID("80706050-4030-4201-8090-a0b0c0d0e0f0")
}  # fmt: skip
"""By the kind of an argument one that stands for all of them; a pattern that refuses it has no shortcut."""
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
"""What needs no quoting, and fits whatever pattern the sample fits."""


def address(name: str, argument: Any = None, *, app: str | None = None) -> str:
    """As Django's `reverse` with one argument or none; `app` is the instance of an app whose page is shown.

    Raises NoReverseMatch.
    """
    where = get_urlconf(), get_script_prefix(), app
    if argument is None:
        return _alone(name, *where)
    text = str(argument)
    kind: Any = type(argument) if not isinstance(argument, str) else _Dotted if "." in text else str
    around = _around(name, kind, *where) if kind in _SAMPLES and _PLAIN.fullmatch(text) and text[0] != "-" else None
    return reverse(name, args=[argument], current_app=app) if around is None else f"{around[0]}{text}{around[1]}"


@lru_cache(maxsize=2048)
def _alone(name: str, urlconf: str | None, _prefix: str, app: str | None) -> str:
    return reverse(name, urlconf=urlconf, current_app=app)


@lru_cache(maxsize=2048)
def _around(name: str, kind: type, urlconf: str | None, _prefix: str, app: str | None) -> tuple[str, str] | None:
    sample = _SAMPLES[kind]
    try:
        before, found, after = reverse(name, urlconf=urlconf, args=[sample], current_app=app).partition(str(sample))
    except NoReverseMatch:
        return None
    return (before, after) if found else None


class Address(URLNode):
    """The node of a template; Django's own for anything but one positional argument at the most."""

    def render(self, context: Any) -> str:
        """The address, or nothing where a variable takes it."""
        arguments = [one.resolve(context) for one in self.args]
        if self.kwargs or len(arguments) > 1 or (arguments and arguments[0] is None):
            return str(super().render(context))
        try:
            found = address(self.view_name.resolve(context), *arguments, app=_app_of(context))
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return found.replace("&", "&amp;").replace("'", "&#x27;") if context.autoescape else found


def _app_of(context: Any) -> str | None:
    request = getattr(context, "request", None)
    given: str | None = getattr(request, "current_app", None)
    return given or getattr(getattr(request, "resolver_match", None), "namespace", None)


@register.tag
def url(parser: Any, token: Any) -> Address:
    """As Django's tag of this name."""
    node = do_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)
