"""What `manage.py check --deploy` tells of besides Django's own checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def second_factor(**_: Any) -> list[Warning]:
    """A site that lets staff in with a password alone."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Warning(
            "SECOND_FACTOR_REQUIRED is off: our own people and dealers' administrators get in with a password alone.",
            hint="Take it out of the environment; a site with https requires one by itself.",
            id="distportal.W001",
        )
    ]


@register(Tags.security, deploy=True)
def leaked_passwords(**_: Any) -> list[Error]:
    """A list of leaked passwords that is named and not there: nobody could choose a password."""
    if not settings.LEAKED_PASSWORDS or Path(settings.LEAKED_PASSWORDS).is_file():
        return []
    return [
        Error(
            f"LEAKED_PASSWORDS names {settings.LEAKED_PASSWORDS}, and no file is there: no new password is taken.",
            hint="Put the file there, or take the setting out of the environment.",
            id="distportal.E001",
        )
    ]
