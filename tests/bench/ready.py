"""Import this first in a benchmark: the services run and Django is set up, in worker processes too."""

from __future__ import annotations

import os

import django

from distportal.embedded.launcher import ensure_services

os.environ.update(ensure_services())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")
os.environ.setdefault("CACHE_PREFIX", "bench")
django.setup()
