"""Brings the services up before Django reads its settings; all test workers share them."""

from __future__ import annotations

import os

from distportal.embedded.launcher import ensure_services, stop_what_was_started

os.environ.update(ensure_services())
# What tests cache is not for a portal that runs beside them.
os.environ.setdefault("CACHE_PREFIX", "test")
# Pages must render without a collectstatic run before every test run.
os.environ.setdefault("STATICFILES_BACKEND", "django.contrib.staticfiles.storage.StaticFilesStorage")


def pytest_unconfigure() -> None:
    """Servers that this run started end with it; workers never start any, they inherit the URLs."""
    stop_what_was_started()
