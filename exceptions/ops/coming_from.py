"""The view that somebody works through goes along in the address of a case: "the next" is the next one of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from distportal.web.languages import page_before
from exceptions.queries.listing import Asked

FROM = "from"
EVERYTHING = Asked("open", {})


def words_of(asked: Asked) -> str:
    """The view as one word of an address; empty for all that is open, where everybody begins."""
    return "" if asked == EVERYTHING else urlencode(asked.query)


def asked_before(request: HttpRequest) -> Asked:
    """The view that the page's address names; all that is open where it names none."""
    return Asked.of(QueryDict(request.GET.get(FROM, "")[:500]))


def case_address(number: int, words: str) -> str:
    """The page of a case that was opened from the view of those words."""
    address = reverse("desk:case", args=[number])
    return f"{address}?{urlencode({FROM: words})}" if words else address


def words_before(request: HttpRequest) -> str:
    """The words of the view that the page named from which a form was sent."""
    kept = parse_qs(urlsplit(page_before(request)).query).get(FROM, [""])[0]
    return words_of(Asked.of(QueryDict(kept[:500])))
