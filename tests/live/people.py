"""A person at the live portal: signs in through the form, reads pages, sends their forms."""

from __future__ import annotations

import re
from typing import Any

import httpx

from distportal.accounts.seeds import DEMO_PASSWORD


class Person:
    """One browser's worth of cookies."""

    def __init__(self, site: str, email: str) -> None:
        self._http = httpx.Client(base_url=site, follow_redirects=True, timeout=20, headers={"Referer": site})
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", login=email, password=DEMO_PASSWORD)
        assert answer.url.path == "/", f"{email} could not sign in"

    def get(self, path: str, **params: Any) -> str:
        """The page; fails for anything but 200."""
        answer = self._http.get(path, params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def status(self, path: str) -> int:
        """What the page answers."""
        return self._http.get(path).status_code

    def post(self, path: str, **fields: Any) -> httpx.Response:
        """The page that a sent form led to."""
        answer = self.sent(path, **fields)
        assert answer.status_code == 200, f"{path}: {answer.status_code}\n{answer.text[:800]}"
        return answer

    def sent(self, path: str, **fields: Any) -> httpx.Response:
        """Whatever a sent form led to."""
        token = self._http.cookies.get("csrftoken", "")
        return self._http.post(path, data={**fields, "csrfmiddlewaretoken": token})


def field_value(page: str, name: str) -> str:
    """The value of a form field on a page."""
    tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert tag, f"no field {name}"
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""
