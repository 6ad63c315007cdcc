"""The published contracts as judges: what does not fit one is told with the place."""

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


class ContractError(Exception):
    """A request or a reply that the contract does not allow."""


def _retrieve(uri: str) -> Resource[Any]:
    text = (DOCS / uri).read_text(encoding="utf-8")
    return DRAFT202012.create_resource(yaml.safe_load(text) if uri.endswith(".yaml") else json.loads(text))


_registry: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]


class Contract:
    """One OpenAPI document of docs/."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.document: dict[str, Any] = yaml.safe_load((DOCS / name).read_text(encoding="utf-8"))
        paths = self.document["paths"].items()
        self._paths = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in paths]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """The operation of a request. Raises ContractError for one that is not there."""
        for pattern, item in self._paths:
            if pattern.fullmatch(path) and method.lower() in item:
                return dict(item[method.lower()])
        raise ContractError(f"the contract has no {method} {path}")

    def check_request(self, method: str, path: str, body: Any) -> None:
        """Raises ContractError for a body that the contract does not allow."""
        wanted = self.operation(method, path).get("requestBody")
        if wanted:
            self.check(wanted["content"]["application/json"]["schema"], body, f"{method} {path}")

    def check_reply(self, method: str, path: str, status: int, body: Any) -> None:
        """Raises ContractError for a reply that the contract does not allow; a file is not looked into."""
        if status >= 400:
            self.check({"$ref": "#/components/schemas/Problem"}, body, f"{status} of {path}")
            return
        content = self.operation(method, path)["responses"][str(status)]["content"]
        if "application/json" in content:
            self.check(content["application/json"]["schema"], body, f"{status} of {path}")

    def check(self, schema: dict[str, Any], value: Any, place: str) -> None:
        """Raises ContractError with the first places that do not fit the schema."""
        whole = json.loads(json.dumps(schema).replace('"#/', f'"{self.name}#/'))
        found = Draft202012Validator(whole, registry=_registry).iter_errors(value)
        errors = [f"{place} {error.json_path}: {error.message[:200]}" for error in found]
        if errors:
            raise ContractError("; ".join(errors[:3]))


ERP = Contract("erp-rest.openapi.yaml")
CONTRACT, operation, check_request, check_reply = ERP.document, ERP.operation, ERP.check_request, ERP.check_reply
