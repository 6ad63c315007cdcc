"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from distportal.common.collector import collect_between_requests
from distportal.events.hints import hint_quickly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")
application = get_wsgi_application()
hint_quickly()
collect_between_requests()
