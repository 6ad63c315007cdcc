"""What `manage.py check --deploy` warns of besides Django's own checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register


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
