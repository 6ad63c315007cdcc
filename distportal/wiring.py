"""The one list of module names that are found by convention in every app when Django starts."""

from __future__ import annotations

from django.utils.module_loading import autodiscover_modules

CONVENTIONS = (
    "adapters",
    "subscribers",
    "tasks",
    "resolutions",
    "lineage",
    "kpis",
    "cards",
    "notices",
    "subjects",
    "seeds",
    "personal_data",
    "versioned",
)


def discover() -> None:
    """Import each app's convention modules, so that what they register is there."""
    autodiscover_modules(*CONVENTIONS)
