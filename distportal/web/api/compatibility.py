"""What of a new document of the API would break a client that was written after the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
_AT_MOST = ("maximum", "maxLength", "maxItems")
_AT_LEAST = ("minimum", "minLength", "minItems")
Schema = Mapping[str, Any]


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """One sentence each: a path, field, parameter, answer or enum value that is gone, a type that changed, another
    scope, an input that is needed now or may hold less, an answer's field that may be null or missing now. What is only
    added breaks nobody.
    """
    return sorted(set(_paths(old, new)))


def _paths(old: Schema, new: Schema) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            where, found = f"{method.upper()} {path}", new["paths"].get(path, {}).get(method)
            if found is None:
                yield f"{where}: gone"
                continue
            yield from _scopes(where, methods[method], found)
            yield from _parameters(where, methods[method], found)
            yield from _bodies(
                f"{where} request", methods[method].get("requestBody"), found.get("requestBody"), old, new
            )
            for status, answer in methods[method]["responses"].items():
                if status not in found["responses"]:
                    yield f"{where}: answer {status} gone"
                else:
                    yield from _bodies(f"{where} {status}", answer, found["responses"][status], old, new)


def _scopes(where: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = ({one for way in told.get("security", ()) for one in way.get("OAuth", ())} for told in (old, new))
    for scope in after - before:
        yield f"{where}: needs the scope {scope} now"


def _parameters(where: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = ({(p["in"], p["name"]): p for p in told.get("parameters", ())} for told in (old, new))
    for key, told in after.items():
        if told.get("required") and not before.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is needed now"
    for key, told in before.items():
        if key not in after:
            yield f"{where}: parameter {key[1]} gone"
        else:
            schemas = told.get("schema", {}), after[key].get("schema", {})
            yield from _enum(f"{where}: parameter {key[1]}", *schemas)
            yield from _less(f"{where}: parameter {key[1]}", *schemas)


def _bodies(where: str, old: Schema | None, new: Schema | None, whole_old: Schema, whole_new: Schema) -> Iterator[str]:
    request = where.endswith(" request")
    if old is None:
        if request and new is not None and new.get("required"):
            yield f"{where}: a body is needed now"
        return
    after = (new or {}).get("content", {})
    for media, told in old.get("content", {}).items():
        if media not in after:
            yield f"{where}: {media} gone"
            continue
        walk = _Walk(whole_old, whole_new, request)
        yield from walk.compare(where, told.get("schema", {}), after[media].get("schema", {}))


class _Walk:
    """Compares two schemas; each pair of named ones once, so that what contains itself ends."""

    def __init__(self, old: Schema, new: Schema, request: bool) -> None:
        self.old, self.new, self.request = old, new, request
        self.seen: set[tuple[str, str]] = set()

    def compare(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if all(names):
            if names in self.seen:
                return
            self.seen.add(names)
        old, new = _resolved(old, self.old), _resolved(new, self.new)
        if old.get("type") != new.get("type"):
            yield f"{where}: {old.get('type')} became {new.get('type')}"
            return
        yield from _enum(where, old, new)
        yield from _less(where, old, new) if self.request else _maybe_null(where, old, new)
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{where}.{name}: gone"
            else:
                yield from self.compare(f"{where}.{name}", before[name], after[name])
        if self.request:
            for name in set(new.get("required", ())) - set(old.get("required", ())):
                yield f"{where}.{name}: is needed now"
        else:
            for name in (set(old.get("required", ())) - set(new.get("required", ()))) & set(after):
                yield f"{where}.{name}: may be missing now"
        if "items" in old and "items" in new:
            yield from self.compare(f"{where}[]", old["items"], new["items"])


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """The schema itself; of one that only wraps a named one (`allOf` with one part) that one."""
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        if "$ref" in schema:
            schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        else:
            schema = schema["allOf"][0]
    return schema


def _enum(where: str, old: Schema, new: Schema) -> Iterator[str]:
    for value in old.get("enum", ()):
        if "enum" in new and value not in new["enum"]:
            yield f"{where}: value {value} gone"


def _less(where: str, old: Schema, new: Schema) -> Iterator[str]:
    """What could be sent before and is refused now."""
    for bound in (*_AT_MOST, *_AT_LEAST):
        before, after = old.get(bound), new.get(bound)
        if after is not None and (before is None or (after < before if bound in _AT_MOST else after > before)):
            yield f"{where}: {bound} is {after} now"
    for name in ("pattern", "format"):
        if new.get(name) and new[name] != old.get(name):
            yield f"{where}: {name} is {new[name]} now"
    if old.get("nullable") and not new.get("nullable"):
        yield f"{where}: may not be null any more"


def _maybe_null(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if new.get("nullable") and not old.get("nullable"):
        yield f"{where}: may be null now"
