"""The cart's page as a browser without scripts sends it: every field that stands in its form."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Form(HTMLParser):
    """The fields of the form `checkout` and its submit buttons, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.buttons: list[tuple[dict[str, str | None], str]] = []
        self._inside, self._select, self._button = False, "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value")
        if tag == "form":
            self._inside = told.get("id") == "checkout"
        if not self._inside:
            return
        if tag == "input" and name:
            ticked = told.get("type") not in ("checkbox", "radio") or "checked" in told
            if ticked and name == "place":
                self.fields.setdefault(name, []).append(value)
            elif ticked:
                self.fields[name] = value if value is not None else "on" if told.get("type") == "checkbox" else ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.fields):
            self.fields[self._select] = value if value is not None else ""
        elif tag == "button":
            self.buttons.append((told, ""))
            self._button = True

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._button = False if tag == "button" else self._button
        self._inside = False if tag == "form" else self._inside

    def handle_data(self, data: str) -> None:
        if self._button and self.buttons:
            told, text = self.buttons[-1]
            self.buttons[-1] = (told, text + data)

    @property
    def place_button(self) -> str:
        """The words of the button that places the order, without the amount."""
        return next(text for told, text in self.buttons if told.get("formaction")).split(" · ")[0].strip()


def page_of(client: Client) -> Form:
    """The cart's form as it stands on the page now."""
    answer = client.get("/cart/")
    assert answer.status_code == 200
    return Form(answer.content.decode())


def submit(client: Client, page: Form, **typed: Any) -> Any:
    """The answer to the place button of that page, with what was typed over it."""
    return client.post("/cart/place/", {**page.fields, **typed})


def save(client: Client, page: Form, do: str = "update", **typed: Any) -> Any:
    """The answer to another button of that page."""
    return client.post("/cart/save/", {**page.fields, **typed, "do": do})
