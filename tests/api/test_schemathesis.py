"""Each call of the API with requests that fit its document and with such that do not, by two dealers' keys and one of
the house: no failure of ours, every answer as documented, bad data refused, and never a word of another dealer.

`make proof` makes thousands of requests; `API_EXAMPLES=200` says how many of each kind, `API_SEED=3` makes others. It
also makes those of the coverage phase: each bound of each field met and missed, each one left out, each other method.
"""

from __future__ import annotations

import copy
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from schemathesis import GenerationMode
from schemathesis.errors import FailureGroup
from schemathesis.generation.meta import TestPhase
from schemathesis.transport.serialization import serialize_binary

from distportal.web.api.document import current_document
from tests.api.tenants import Tenant, dealer, key, with_real_names
from tests.sandbox import SandboxProcess

EXAMPLES = int(os.environ.get("API_EXAMPLES", "1"))
COVERED = "API_EXAMPLES" in os.environ
REPORT = os.environ.get("API_REPORT", "")
SEED = os.environ.get("API_SEED", "")
MOST_TOLD = 10
CONFIG = schemathesis.Config.from_dict(
    # Keys are our own business here, and a parameter that nobody knows is passed over on purpose.
    {"generation": {"with-security-parameters": False, "allow-extra-parameters": False}}
)
NOT_SAID = schemathesis.checks.positive_data_acceptance
"""A document cannot say which address is public, which bytes are a picture, or that a line names its item: what does
not fit in such ways is refused with the reason.
"""
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=not SEED,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


schemathesis.serializer("application/edi-x12")(lambda _, value: serialize_binary(value))


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request ends without giving back the connection, in whose transaction the test stands."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def cases() -> list[tuple[str, list[Any]]]:
    """By call what to ask, made before any transaction is open: the first of each fits the document."""
    document = schemathesis.openapi.from_dict(copy.deepcopy(current_document()), config=CONFIG)
    document.app = WSGIHandler()
    calls = [found.ok() for found in document.get_all_operations()]
    return [(one.label, [*_drawn(one), *(_covering(one) if COVERED else ())]) for one in calls]


def _drawn(operation: Any) -> Iterator[Any]:
    for mode in GenerationMode:
        if mode.is_positive or not _takes_anything(operation):
            yield from _cases(operation, mode)


def _takes_anything(operation: Any) -> bool:
    """Whether nothing of the call can be wrong: to look for it all the same costs seconds a call."""
    told = [one.definition for one in operation.iter_parameters()]
    words = all(one["schema"] == {"type": "string"} for one in told)
    return words and not list(operation.body) and not any(one.get("required") for one in told if one["in"] != "path")


def _covering(operation: Any) -> Iterator[Any]:
    """What the coverage phase asks of the call."""
    told = operation.schema.config.generation_for(operation=operation, phase="coverage")
    yield from operation.schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=told
    )


def _cases(operation: Any, mode: GenerationMode) -> list[Any]:
    """Requests to the call of one kind."""
    cases: list[Any] = []

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @SETTINGS
    def draw(case: Any) -> None:
        cases.append(case)

    (hypothesis.seed(int(SEED))(draw) if SEED else draw)()
    return cases


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_every_call_keeps_its_word_for_each_tenant(
    cases: list[tuple[str, list[Any]]], synced: SandboxProcess, record_property: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # one transaction for thousands of requests
    tenants = [dealer("HARBOR"), dealer("SUMMIT"), key("CRM", None)]
    wrong, made, answered, first = [], 0, set(), {}
    for label, asked in cases:
        for place, case in enumerate(asked):
            turn = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode()) if place else 0
            with_real_names(case, tenants, turn)
            covering = case.meta.phase.name is TestPhase.COVERAGE
            for tenant in [tenants[place % len(tenants)]] if covering else tenants:
                made += 1
                status, told = _asked(case, tenant, tenants[:2], bare=not place and tenant is tenants[0])
                answered.add((label, status))
                if not place:
                    first[label] = min(first.get(label, status), status)
                wrong += [f"{tenant.name}: {label} {status}: {one}" for one in told]
    undone = {label: status for label, status in first.items() if status >= 300}
    if REPORT:
        Path(REPORT).write_text("\n".join([*wrong, f"not done: {undone}"]))
    assert wrong[:MOST_TOLD] == [], f"{len(wrong)} of {made}"
    reached = {label for label, status in answered if status < 300}
    done = f"{len(reached)} of {len(cases)} calls done"
    record_property("evidence", f"{made} requests, {len(answered)} kinds of answers, {done}")
    assert made >= len(cases) * len(tenants)
    assert len(reached) > len(cases) // 2, "requests reach what they are for"


def _asked(case: Any, tenant: Tenant, dealers: list[Tenant], *, bare: bool) -> tuple[int, list[str]]:
    """The status of the answer, and what is wrong with it; where `bare`, also without a key and with a wrong one. What
    one caller writes the next one does not find.
    """
    with transaction.atomic():
        answer = case.call(headers=tenant.headers)
        transaction.set_rollback(True)
    told = []
    try:
        left_out = [NOT_SAID] if bare else [NOT_SAID, schemathesis.checks.ignored_auth]
        no_form = "multipart" in (case.media_type or "") and isinstance(case.body, str | bytes)  # sent as a bare body
        if no_form or "" in (case.query or {}).values():  # an empty one is as one that is left out
            left_out.append(schemathesis.checks.negative_data_rejection)
        case.validate_response(answer, headers=tenant.headers, excluded_checks=left_out)
    except FailureGroup as group:
        told = [f"{failure.title}: {failure.message}"[:600] for failure in group.exceptions]
    if answer.status_code >= 400 and answer.headers["content-type"] != ["application/problem+json"]:
        told.append(f"told as {answer.headers['content-type']}")
    if tenant in dealers:
        asked = f"{unquote_plus(answer.request.url)} {answer.request.body!r}"
        told += [f"tells of {mark}" for mark in tenant.foreign(answer.content, asked, dealers)]
    return int(answer.status_code), [f"{one} <- {case.as_curl_command()[:400]}" for one in told]
