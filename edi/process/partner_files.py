"""Partners leave and arrive as JSON files: agreements, words, deadlines; no secret, no key, no certificate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.forms.models import model_to_dict

from distportal.accounts.models import Account
from distportal.canonical.base import to_json
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.editing import replace_words
from distportal.systems.mapping.models import CrossReference
from edi.documents.partner_file import FORMAT, KEYS, Difference, differences
from edi.errors import BadPartner, PartnerExists
from edi.models import Agreement, DeadlineRule, Mailbox, TradingPartner
from edi.process.agreeing import check_options, settle_tolerance
from edi.process.partner_rules import problem_with_code, problem_with_path, problem_with_separators
from edi.queries.agreements import forget
from edi.queries.words import words_in_force, words_scope

_PARTNER = (
    "code", "name", "their_qualifier", "their_id", "our_qualifier", "our_id", "their_group_id", "our_group_id",
    "element_separator", "component_separator", "segment_terminator",
)  # fmt: skip
_WORD = ("kind", "theirs", "ours")
_ROWS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "agreements": (Agreement, (
        "direction", "set_id", "active", "releases", "release", "ack", "duplicate_window_days", "error_policy",
        "ctt_policy", "options",
    )),
    "cross_references": (CrossReference, _WORD),
    "deadlines": (DeadlineRule, (
        "set_id", "counted_from", "hours", "business_days", "days", "valid_from", "valid_until", "warn_hours",
        "fee_kind", "fee_amount", "fee_minimum", "source",
    )),
}  # fmt: skip
MOST_BYTES = 1024 * 1024


def export_partner(partner: TradingPartner) -> dict[str, Any]:
    """The partner as JSON-ready data. Whether it is live, its mailbox's credentials and its history stay here."""
    mailbox = Mailbox.objects.filter(partner=partner).first()
    related: dict[str, Iterable[Model]] = {
        "agreements": partner.agreements.order_by("direction", "set_id"),
        "cross_references": words_in_force(partner),
        "deadlines": partner.deadline_rules.order_by("set_id", "valid_from"),
    }
    account = partner.account.code if partner.account else ""
    return {
        "format": FORMAT,
        "partner": {**_values(partner, _PARTNER), "account": account},
        "mailbox": {"path": mailbox.path if mailbox else ""},
        **{head: [_values(row, _ROWS[head][1]) for row in rows] for head, rows in related.items()},
    }


def read_partner_file(content: bytes) -> dict[str, Any]:
    """The data of a partner file in the form `export_partner` gives. Raises BadPartner with every problem."""
    if len(content) > MOST_BYTES:
        raise BadPartner("The file has more than 1 MB; that is no partner.", problems=["size"])
    try:
        data = json.loads(content)
    except ValueError as error:
        raise BadPartner(f"The file is not JSON: {error}", problems=[str(error)]) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadPartner(f"The file is not a partner: its format is not {FORMAT}.", problems=["format"])
    path = _text(data.get("mailbox"), "path")
    problems = [problem] if (problem := problem_with_path(path)) else []
    read = {
        "format": FORMAT,
        "partner": _read_partner(data.get("partner"), problems),
        "mailbox": {"path": path},
        **{head: _read_rows(head, data.get(head), problems) for head in _ROWS},
    }
    if problems:
        raise BadPartner(f"The file was not taken: {' '.join(problems)}", problems=problems)
    return read


def plan_import(data: Mapping[str, Any]) -> tuple[TradingPartner | None, list[Difference]]:
    """The partner that the file would change (None: it would be new) and every difference; nothing is written."""
    partner = TradingPartner.objects.select_related("account").filter(code=data["partner"]["code"]).first()
    return partner, differences(export_partner(partner) if partner else {}, data)


@transaction.atomic
def import_partner(*, data: Mapping[str, Any]) -> TradingPartner:
    """The partner as in the file, in test if it is new. What the file does not name: agreements become inactive, words
    go, deadlines stay, since documents were judged by them. Raises BadPartner or PartnerExists.
    """
    fields = dict(data["partner"])
    account = Account.objects.filter(code=fields.pop("account")).first()
    if account is None:
        raise BadPartner(f"There is no account {data['partner']['account']!r} here.", problems=["account"])
    try:
        with transaction.atomic():
            partner, _ = TradingPartner.objects.update_or_create(
                code=fields["code"],
                defaults={**fields, "account": account},
                create_defaults={**fields, "account": account, "usage": "T"},
            )
            Mailbox.objects.update_or_create(partner=partner, defaults={"path": data["mailbox"]["path"]})
    except IntegrityError as error:
        raise PartnerExists("another partner has these identities or this mailbox; nothing was changed") from error
    _apply_rows(partner, data)
    forget(partner)
    settle_tolerance(partner=partner)
    return partner


def _apply_rows(partner: TradingPartner, data: Mapping[str, Any]) -> None:
    agreed = [(row["direction"], row["set_id"]) for row in data["agreements"]]
    for row in partner.agreements.filter(active=True):
        if (row.direction, row.set_id) not in agreed:
            Agreement.objects.filter(pk=row.pk).update(active=False)
    for row in data["agreements"]:
        Agreement.objects.update_or_create(
            partner=partner, direction=row["direction"], set_id=row["set_id"], defaults=row
        )
    replace_words(
        scope=words_scope(partner), kinds=Kind.values, reason="from a partner file",
        words=[(row["kind"], row["theirs"], row["ours"]) for row in data["cross_references"]],
    )  # fmt: skip
    for row in data["deadlines"]:
        DeadlineRule.objects.update_or_create(
            partner=partner, set_id=row["set_id"], valid_from=row["valid_from"], defaults=row
        )


def _values(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    found = model_to_dict(row, fields=names)
    return {name: to_json(found[name]) for name in names}


def _read_partner(given: Any, problems: list[str]) -> dict[str, Any]:
    data = given if isinstance(given, dict) else {}
    values = {name: _text(data, name) for name in _PARTNER}
    row = TradingPartner(**values)
    problems += _wrong(row, _PARTNER, "partner")
    marks = [values[f"{name}"] for name in ("element_separator", "component_separator", "segment_terminator")]
    problems += [p for p in (problem_with_code(values["code"]), problem_with_separators(*marks)) if p]
    return {**_values(row, _PARTNER), "account": _text(data, "account")}


def _read_rows(head: str, given: Any, problems: list[str]) -> list[dict[str, Any]]:
    model, names = _ROWS[head]
    rows, keys = [], set()
    for number, data in enumerate(given if isinstance(given, list) else [], 1):
        where = f"{head} {number}"
        if not isinstance(data, dict) or set(data) - set(names):
            problems.append(f"{where} is no object of {', '.join(names)}.")
            continue
        row = model(**data)
        wrong = _wrong(row, names, where)
        problems += wrong
        if isinstance(row, Agreement) and not wrong:
            problems += _wrong_options(row, where)
        if wrong:
            continue
        values = _values(row, names)
        key = tuple(values[name] for name in KEYS[head])
        if key in keys:
            problems.append(f"{where} stands twice in the file.")
        keys.add(key)
        rows.append(values)
    return rows


def _wrong_options(row: Agreement, where: str) -> list[str]:
    try:
        check_options(row.options if isinstance(row.options, dict) else {"": row.options})
    except ValueError as error:
        return [f"{where}: {error}"]
    return []


def _wrong(row: Model, names: tuple[str, ...], where: str) -> list[str]:
    """What the columns say against the values; `clean_fields` also turns texts into dates and decimals."""
    others = [field.name for field in row._meta.fields if field.name not in names]
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        return [f"{where}, {name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
    return []


def _text(data: Any, name: str) -> str:
    value = data.get(name, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else str(value)
