"""Secrets by reference: rows name where a secret lies, never the secret."""

from __future__ import annotations

import os
import pathlib

from distportal.systems.errors import Misconfigured

FORMS = ("env:", "file:")


def secret(reference: str) -> str:
    """The secret behind `env:NAME` or `file:/path`; white space around it is dropped.

    Raises Misconfigured `system.secret_missing` where there is none, without telling anything of its content.
    """
    form, _, place = reference.partition(":")
    if form == "env" and os.environ.get(place, "").strip():
        return os.environ[place].strip()
    if form == "file":
        try:
            if content := pathlib.Path(place).read_text(encoding="utf-8").strip():
                return content
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured("system.secret_missing", f"the secret {reference} cannot be read") from error
    raise Misconfigured("system.secret_missing", f"there is no secret at {reference}: name env:VARIABLE or file:/path")
