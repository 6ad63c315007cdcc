"""Every setting, read from the environment, with defaults that are safe for a developer's machine."""

from __future__ import annotations

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from distportal.embedded.urls import database_from_url
from distportal.observability.logging import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DEV_KEY = "only-for-demo-and-tests-never-for-a-site-that-others-can-reach"
SECRET_KEY = env.str("SECRET_KEY", default=DEV_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000")
SECURE_SITE = PUBLIC_URL.startswith("https://")
if SECURE_SITE and SECRET_KEY == DEV_KEY:
    raise ImproperlyConfigured("PUBLIC_URL is https: set SECRET_KEY to a long random value of your own")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if SECURE_SITE else []
STATE_DIR = Path(env.str("OPS_STATE", default=str(BASE_DIR / ".local")))

INSTALLED_APPS = [
    "distportal",
    "distportal.web",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "rest_framework_api_key",
    "distportal.calendars",
    "distportal.accounts",
    "distportal.events",
    "distportal.personal",
    "distportal.governance",
    "distportal.measures",
    "distportal.systems",
    "distportal.systems.mapping",
    "distportal.uploads",
    "distportal.notices",
    "distportal.threads",
    "distportal.webhooks",
    "exceptions",
    "inventory",
    "orders",
    "edi",
]

MIDDLEWARE = [
    "distportal.web.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "distportal.observability.middleware.CorrelationMiddleware",
    "distportal.web.plain_text.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "distportal.web.session_limits.SessionLimitsMiddleware",
    "distportal.web.standing.StandingMiddleware",
    "distportal.web.speaking.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "distportal.web.admin_csp.AdminCspMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "distportal.web.audit.AuditContextMiddleware",
    "distportal.web.api.frame.ApiFrameMiddleware",
    "distportal.web.wall.DealerWallMiddleware",
]

ROOT_URLCONF = "distportal.urls"
WSGI_APPLICATION = "distportal.wsgi.application"
SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # `i18n` is Django's library with two quicker tags, on purpose
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "case_rows": "exceptions.ops.case_rows",
                "cells": "inventory.portal.cells",
                "i18n": "distportal.web.wording",
                "lucide": "distportal.web.icons",
                "offer_rows": "inventory.portal.offer_rows",
                "part_number_rows": "inventory.portal.part_number_rows",
                "rows": "orders.portal.rows.tags",
            },
            "builtins": ["distportal.web.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "distportal.web.context.shell",
            ],
        },
    }
]

_database = database_from_url(env.str("DATABASE_URL", default="postgresql://postgres@/ops"))
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {
                "min_size": 0,
                "max_size": env.int("DATABASE_POOL_SIZE", default=8),
                "timeout": env.float("DATABASE_POOL_TIMEOUT", default=5.0),  # a request waits so long for a server
                "reconnect_timeout": 3.0,  # of the pool's own tries; each who asks afterwards makes it try anew
            },
            "options": "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=15000",
        },
        "TEST": {"NAME": env.str("TEST_DATABASE", default="test_ops")},
    }
}
# Requests of dealers' people and keys run as this role, which sees their accounts' rows alone; nothing: no second wall.
DEALER_DATABASE_ROLE = env.str("DEALER_DATABASE_ROLE", default="distportal_dealer")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHE_URL = env.str("CACHE_URL", default=REDIS_URL)
CACHE_TIMEOUT_SECONDS = env.float("CACHE_TIMEOUT_SECONDS", default=0.5)  # pages wait no longer for a cache that hangs
CACHES = {
    "default": {
        "BACKEND": "distportal.common.cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="dp"),
        "TIMEOUT": 300,
        "OPTIONS": {"socket_timeout": CACHE_TIMEOUT_SECONDS, "socket_connect_timeout": 0.5},
    }
}

# -- who signs in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]  # then: old
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "distportal.accounts.leaked_passwords.LeakedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LEAKED_PASSWORDS = env.str("LEAKED_PASSWORDS", default="")  # a file of SHA-1 hashes, in their order
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "distportal.web.signing_in.PortalAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# The key is who and from where: a stranger's guesses lock neither the person elsewhere nor an office behind one.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/300s/key"}
VISIT_MINUTES = env.int("VISIT_MINUTES", default=30)  # so long staff stay in a dealer's portal
# Our own people and dealers' administrators need a second factor. A site without https, as the demo, goes without one.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=SECURE_SITE)
# Minutes without a look, and in all, after which somebody signs in anew.
SESSION_MINUTES = {
    "staff": (env.float("STAFF_IDLE_MINUTES", default=30), env.float("STAFF_SESSION_MINUTES", default=12 * 60)),
    "dealer": (env.float("DEALER_IDLE_MINUTES", default=480), env.float("DEALER_SESSION_MINUTES", default=14 * 1440)),
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "distportal.web.sealed_factors.SealingAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves, so no stranger can shut an owner out
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_SITE
# Without a mail server mails are kept as files: whoever runs the demo looks at them, and none goes out by mistake.
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=15.0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@northline.example")
TRACKING_PAGES: dict[str, str] = env.json("TRACKING_PAGES", default={})
FINANCE_CONTACT = env.str("FINANCE_CONTACT", default="finance@northline.example")
"""Whom dealers write to about an invoice that they can dispute in the portal no more."""

# -- browser ----------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
if SECURE_SITE:  # a browser takes such a name over https from this host alone, for all of its paths
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# Whose address counts, of those that proxies noted: behind none of ours a client could write what it likes.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1) if SECURE_PROXY_SSL_HEADER else 0
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_BACKEND", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
MEDIA_ROOT = STATE_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "distportal" / "locale"]
FORMAT_MODULE_PATH = ["distportal.common.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = SECURE_SITE
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="America/Chicago")

# -- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["distportal.web.api.auth.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["distportal.web.api.auth.HasScope"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "distportal.web.api.paging.CreatedCursorPagination",
    "DEFAULT_RENDERER_CLASSES": ["distportal.web.api.rendering.PolicyJSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["distportal.web.api.limiting.ClientLimits"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "distportal.web.api.negotiation.OneForm",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "distportal.web.api.problems.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Distribution operations portal",
    "DESCRIPTION": "Orders, availability and invoices for CRM, marketplace and dealer systems.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "distportal.web.api.refusals.add_refusals",
        "distportal.web.api.endings.mark_endings",
    ],
    "ENUM_NAME_OVERRIDES": {
        "OrderStatusEnum": "orders.choices.OrderStatus",
        "LineStatusEnum": "orders.choices.LineStatus",
        "FileStateEnum": "edi.choices.InboundState",
        "InterchangeStateEnum": "edi.choices.InterchangeState",
        "DocumentStateEnum": "edi.choices.DocumentState",
        "DeliveryEnum": "edi.choices.Delivery",
        "ReturnStatusEnum": "orders.choices.ReturnStatus",
        "ChangeStatusEnum": "orders.choices.ChangeStatus",
        "ReturnReasonEnum": "orders.choices.ReturnReason",
        "InvoiceKindEnum": "orders.choices.InvoiceKind",
        "TrackingKindEnum": "orders.choices.TrackingKind",
        "WebhookStateEnum": "distportal.webhooks.choices.EndpointState",
        "WebhookOffReasonEnum": "distportal.webhooks.choices.OffReason",
        "WebhookDeliveryStateEnum": "distportal.webhooks.choices.DeliveryState",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# -- other systems and background work ----------------------------------------------------------
# Where no connection of the name is stored (manage.py erp_connection).
ERP_ADAPTERS = {
    "default": {
        "adapter": env.str("ERP_ADAPTER", default="sandbox"),
        "url": env.str("ERP_URL", default="http://127.0.0.1:8801"),
        "token": env.str("ERP_TOKEN", default="demo-erp-token"),
        "read_timeout": env.float("ERP_READ_TIMEOUT", default=2.0),
        "write_timeout": env.float("ERP_WRITE_TIMEOUT", default=10.0),
        "settle_seconds": env.float("ERP_SETTLE_SECONDS", default=90.0),
        "rate_per_minute": env.int("ERP_RATE_PER_MINUTE", default=1200),
        "concurrency": env.int("ERP_CONCURRENCY", default=4),
    }
}
# A write to an ERP or a warehouse leaves so soon after its row says so, or not at all. What an ERP may still work on a
# lost request (ERP_SETTLE_SECONDS) counts from that row: it must be longer by this than the ERP's own limit.
SEND_WITHIN_SECONDS = env.float("SEND_WITHIN_SECONDS", default=10.0)
LANES = (
    "edi_in", "orders", "erp_write", "erp_read", "edi_out", "edi_net", "logistics", "webhooks", "mail", "bulk", "relay",
)  # fmt: skip
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
# Nightly comparisons and mass work may take long; nobody waits for them, and nothing else is held up by their lease.
LANE_LEASE_SECONDS = {"bulk": env.int("BULK_LEASE_SECONDS", default=1800)}
JOB_RETRY_MIN_SECONDS = env.float("JOB_RETRY_MIN_SECONDS", default=5.0)
# What raises the level of pressure, where it is not the usual: see docs/back-pressure.md.
PRESSURE_BOUNDS = {
    name: env.float(f"PRESSURE_{name.upper()}")
    for name in (
        "slow_seconds", "shed_seconds", "drain_seconds", "connections", "redis", "disk_shed", "disk_protect",
        "wal_shed", "wal_protect",
    )
    if env.str(f"PRESSURE_{name.upper()}", default="")
}  # fmt: skip
# How many days rows are kept that are no facts, where it is not the usual: see docs/retention.md.
CLAMD = env.str("CLAMD", default="")  # tcp://host:3310 or unix:///path: it sees files of people before they are kept
KEEP_DAYS = {
    name.removeprefix("KEEP_").removesuffix("_DAYS").lower(): env.float(name)
    for name, value in env.ENVIRON.items()
    if name.startswith("KEEP_") and name.endswith("_DAYS") and value
}
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # without one only this machine may read /metrics
WEBHOOK_FAILING_DAYS = env.float("WEBHOOK_FAILING_DAYS", default=3.0)  # a webhook that fails so long is switched off
WEBHOOK_LOOPBACK = env.bool("WEBHOOK_LOOPBACK", default=DEMO)  # send to this machine, too, by http: for a demo alone
REDIS_DOWN_SECONDS = env.float("REDIS_DOWN_SECONDS", default=10.0)
EDI_ROOT = Path(env.str("EDI_ROOT", default=str(STATE_DIR / "edi")))
EDI_SPOOL = Path(env.str("EDI_SPOOL", default=str(STATE_DIR / "spool")))
GS1_COMPANY_PREFIX = env.str("GS1_COMPANY_PREFIX", default="0812345")  # of the codes on our cartons and pallets
GS1_EXTENSION_DIGIT = env.str("GS1_EXTENSION_DIGIT", default="0")  # another one opens a new range behind the prefix
WAREHOUSE_BOOKING_HOURS = env.float("WAREHOUSE_BOOKING_HOURS", default=24.0)  # the ERP books what a warehouse told
# Where dealers send goods back to, line by line, as it stands on the label.
RETURN_ADDRESS = env.str(
    "RETURN_ADDRESS", default="Northline Supply, Returns|1200 Commerce Way|Dallas TX 75201|US"
).split("|")
REOPEN_CASES_DAYS = env.float("REOPEN_CASES_DAYS", default=30.0)  # the same trouble later is a case of its own
POD_DAYS = env.float("POD_DAYS", default=3.0)  # a delivery without a proof is a person's business then; 0: never
SYNC_SECONDS = env.float("SYNC_SECONDS", default=2.0)
SEND_HINTS = True  # False: nobody is told of due work; tests and one-shot commands do it themselves

# The portal's accent in the steps that the admin theme wants: lightness and chroma.
ADMIN_BLUES = (
    (50, 97, 0.014), (100, 94, 0.03), (200, 89, 0.055), (300, 82, 0.09), (400, 72, 0.13), (500, 62, 0.17),
    (600, 52, 0.17), (700, 46, 0.16), (800, 40, 0.13), (900, 34, 0.1), (950, 26, 0.07),
)  # fmt: skip
UNFOLD = {
    "SITE_TITLE": "Northline back office",
    "SITE_HEADER": "Northline back office",
    "SITE_SYMBOL": "account_balance",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_URL": "/",
    "ENVIRONMENT": "inventory.cards.back_office_label",
    "DASHBOARD_CALLBACK": "orders.admin.dashboard.dashboard",
    "STYLES": [lambda request: static("web/back_office.css")],
    "SCRIPTS": [lambda request: static("web/back_office.js")],
    "COLORS": {"primary": {str(step): f"oklch({light}% {chroma} 258)" for step, light, chroma in ADMIN_BLUES}},
}
PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_CLASS = "unfold.admin.ModelAdmin"
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # bound by AuditContextMiddleware: asked for a failed request it may fail again
# Spans go to the OpenTelemetry collector that is named, where the packages of requirements-otel.lock are installed.
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default="")
OTEL_SDK_DISABLED = env.bool("OTEL_SDK_DISABLED", default=False)
OTEL_TRACES_SAMPLER_ARG = env.float("OTEL_TRACES_SAMPLER_ARG", default=1.0)  # the share of stories that are told
OTEL_PYTHON_DISABLED_INSTRUMENTATIONS = env.list("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", default=[])
LOG_FORMAT = env.str("LOG_FORMAT", default="console" if DEMO or DEBUG else "json")
LOGGING = logging_config(LOG_FORMAT, level=env.str("LOG_LEVEL", default="INFO"))
