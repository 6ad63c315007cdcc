"""The published contract as a judge: what does not fit it is told with the place."""

from __future__ import annotations

import json
import pathlib
import re
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
NAME = "erp-rest.openapi.yaml"


class ContractError(Exception):
    """A request or a reply that the contract does not allow."""


def _retrieve(uri: str) -> Resource[Any]:
    text = (DOCS / uri).read_text(encoding="utf-8")
    data = yaml.safe_load(text) if uri == NAME else json.loads(text)
    return DRAFT202012.create_resource(data)


CONTRACT: dict[str, Any] = yaml.safe_load((DOCS / NAME).read_text(encoding="utf-8"))
_registry: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]
_paths = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in CONTRACT["paths"].items()]


def operation(method: str, path: str) -> dict[str, Any]:
    """The operation of a request. Raises ContractError for one that is not there."""
    for pattern, item in _paths:
        if pattern.fullmatch(path) and method.lower() in item:
            return dict(item[method.lower()])
    raise ContractError(f"the contract has no {method} {path}")


def check_request(method: str, path: str, body: Any) -> None:
    """Raises ContractError for a body that the contract does not allow."""
    wanted = operation(method, path).get("requestBody")
    if wanted:
        _check(wanted["content"]["application/json"]["schema"], body, f"{method} {path}")


def check_reply(method: str, path: str, status: int, body: Any) -> None:
    """Raises ContractError for a reply that the contract does not allow; a file is not looked into."""
    if status >= 400:
        _check({"$ref": "#/components/schemas/Problem"}, body, f"{status} of {path}")
        return
    content = operation(method, path)["responses"][str(status)]["content"]
    if "application/json" in content:
        _check(content["application/json"]["schema"], body, f"{status} of {path}")


def _check(schema: dict[str, Any], value: Any, place: str) -> None:
    whole = json.loads(json.dumps(schema).replace('"#/', f'"{NAME}#/'))
    errors = [f"{place} {error.json_path}: {error.message[:200]}" for error in _validator(whole).iter_errors(value)]
    if errors:
        raise ContractError("; ".join(errors[:3]))


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, registry=_registry)
