"""The Celery application: a pool of processes per lane that is told which job row to look at, and nothing more.

Facts, due times and attempts live in PostgreSQL; a lost or doubled message changes nothing but the delay.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import (
    setup_logging,
    task_postrun,
    worker_before_create_process,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "distportal.settings")
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")

from django.conf import settings
from django.db import close_old_connections
from kombu.transport import TRANSPORT_ALIASES

from distportal.common.collector import collect_rarely
from distportal.common.connections import close_connections
from distportal.events.canary_names import EVERY_SECONDS, canary_kind
from distportal.events.hints import hint_quickly
from distportal.observability.spans import stop_telling

DAY = 86_400.0
"""The slot of what runs once a night, in seconds."""


def broker_url(redis_url: str) -> str:
    """The same server in the form Celery wants: unix sockets are `redis+socket://` there."""
    return redis_url.replace("unix://", "redis+socket://", 1) if redis_url.startswith("unix://") else redis_url


TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "distportal.events.hint_transport:HintTransport")
app = Celery("distportal")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=False,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    worker_soft_shutdown_timeout=10,
    # A new process that is not up in Celery's own 4 s is killed and the next one started: on a busy machine for ever.
    worker_proc_alive_timeout=60.0,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    task_time_limit=settings.JOB_LEASE_SECONDS - 5,
    task_default_queue="orders",
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 1, "health_check_interval": 25},
    beat_scheduler="distportal.events.ticking:TickScheduler",
    beat_schedule={
        name: {
            "task": "distportal.events.tick",
            "schedule": seconds,
            "args": (name, seconds),
            "options": {"queue": lane},
        }
        for name, seconds, lane in (
            ("governance.apply", 300.0, "orders"),
            ("inventory.sync_items", settings.SYNC_SECONDS * 5, "erp_read"),
            ("inventory.sync_stock", settings.SYNC_SECONDS, "erp_read"),
            ("inventory.sync_prices", settings.SYNC_SECONDS * 2, "erp_read"),
            ("inventory.sync_customers", settings.SYNC_SECONDS * 5, "erp_read"),
            ("orders.sync_erp", settings.SYNC_SECONDS, "erp_read"),
            ("orders.read_warehouses", settings.SYNC_SECONDS, "logistics"),
            ("orders.poll_carriers", settings.SYNC_SECONDS * 2, "logistics"),
            ("edi.poll_mailboxes", 2.0, "edi_in"),
            ("events.clean_up", 3600.0, "bulk"),
            ("orders.expire_approvals", 900.0, "bulk"),
            ("orders.remind_approvers", 900.0, "bulk"),
            ("orders.watch_disputes", 900.0, "bulk"),
            ("orders.reckon_open", 900.0, "bulk"),
            ("mapping.tidy", 60.0, "bulk"),
            ("orders.follow_companies", 60.0, "bulk"),
            ("exceptions.watch_cases", 30.0, "bulk"),
            *((canary_kind(lane), EVERY_SECONDS, lane) for lane in settings.LANES),
            ("measures.build_recent", 3600.0, "bulk"),
        )
    }
    | {
        name: {
            "task": "distportal.events.tick",
            "schedule": crontab(hour="2", minute=minute),
            "args": (name, DAY),
            "options": {"queue": "bulk"},
        }
        for name, minute in (
            ("orders.watch_overdue", "5"),
            ("inventory.reconcile_stock", "10"),
            ("inventory.reconcile_prices", "15"),
            ("inventory.reconcile_items", "18"),
            ("inventory.reconcile_customers", "21"),
            ("orders.reconcile_orders", "25"),
            ("orders.reconcile_shipments", "40"),
            ("orders.reconcile_invoices", "55"),
            ("inventory.compare_erps", "58"),
            ("measures.build_late", "59"),
            ("events.seal_histories", "30"),
        )
    },
    timezone=settings.TIME_ZONE,
    CELERY_DB_REUSE_MAX=sys.maxsize,  # below, tasks give connections back; Celery itself would end the pool after each
)
app.autodiscover_tasks(["distportal.events"])


@setup_logging.connect
def _keep_django_logging(**_: object) -> None:
    """Celery must not replace the logging that Django has set up."""


@worker_before_create_process.connect
def _collect_rarely(**_: object) -> None:
    """A pool's own process, once all apps are loaded and before each process of it is forked. Looked through after the
    fork, every object is written to, and nothing of what was loaded is shared any more.
    """
    collect_rarely()


@worker_before_create_process.connect
def _share_no_connections(**_: object) -> None:
    """Each process of the pool has its own: what their parent had open would be one socket for all."""
    close_connections()


@task_postrun.connect
def _give_the_connection_back(**_: object) -> None:
    """As after a request: the next task of this process finds it in the pool, looked at before it is given out. A new
    one for each task costs PostgreSQL more than most tasks do: a process, and catalogues read anew.
    """
    close_old_connections()


@worker_process_init.connect
def _hint_quickly(**_: object) -> None:
    """A pool's own process gets its work from its parent and only sends hints to the broker."""
    hint_quickly()


@worker_process_shutdown.connect
def _send_the_last_spans(**_: object) -> None:
    """A process of the pool runs none of Python's own exit functions."""
    stop_telling()


@worker_ready.connect
def _know_the_pools_size(sender: Any, **_: object) -> None:
    """Celery 5.7 asks the pool how large it is before each message (worker_disable_prefetch), also after a cold stop
    has taken the pool away: a message that comes in that moment was a traceback. Where the number stands here it asks
    no pool; ours neither grow nor shrink.
    """
    worker = sender.controller
    worker.max_concurrency = worker.max_concurrency or worker.concurrency
