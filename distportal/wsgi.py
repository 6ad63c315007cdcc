"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from distportal.celery import hint_quickly
from distportal.common.collector import pass_over_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")
application = get_wsgi_application()
hint_quickly()
pass_over_loaded()
