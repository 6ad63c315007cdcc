"""Mappings for tests, stored as people store them."""

from __future__ import annotations

from typing import Any

from distportal.systems.mapping.editing import Mapping, save_mapping
from distportal.systems.mapping.models import CrossReference


def mapped(scope: str, kind: str, theirs: str, ours: str, **more: Any) -> CrossReference:
    """From now on (or as `more` says) their code means ours."""
    return save_mapping(mapping=Mapping(scope=scope, kind=kind, theirs=theirs, ours=ours, **more))
