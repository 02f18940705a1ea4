"""JSON Schemas of the messages, how they are named, and which changes of one would break its readers.

A message is a contract with a type of its own, or a sealed part that travels inside one: whatever no other contract
contains. Contained models stand inside their message's schema.
"""

import json
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from shared import contracts
from shared.contracts.base import Contract

Schema = Mapping[str, object]
_WORDS: Final = frozenset({"title", "description", "default"})
"""Parts of a schema that no reader depends on."""


def messages() -> list[type[Contract]]:
    """Return every message, by the name of its file."""
    for module in pkgutil.iter_modules(contracts.__path__):
        import_module(f"{contracts.__name__}.{module.name}")
    known = [model for model in _descendants(Contract) if model.__module__.startswith(contracts.__name__)]
    contained = {name for model in known for name in _definitions(model)}
    found = {model for model in known if model.ce_type or model.__name__ not in contained}
    return sorted(found, key=golden_name)


def golden_name(message: type[Contract]) -> str:
    """Return the name of its file: the message type, or module and class of a sealed part."""
    stem = message.ce_type or f"sealed.{message.__module__.rpartition('.')[2]}.{message.__name__}"
    return f"{stem}.json"


def schema_text(message: type[Contract]) -> str:
    """Return its JSON Schema as it is written: sorted, indented."""
    schema = message.model_json_schema(mode="validation")
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def compare(folder: Path) -> Iterator[str]:
    """Say of each message how it differs from its golden schema; of each golden schema, that its message is gone."""
    expected = {golden_name(message): schema_text(message) for message in messages()}
    golden = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    for name in sorted(expected.keys() | golden.keys()):
        if name not in golden:
            yield f"{name}: the message is new and has no golden schema."
        elif name not in expected:
            yield _gone(name)
        elif expected[name] != golden[name]:
            yield from breaking(name, json.loads(golden[name]), json.loads(expected[name])) or (
                f"{name}: changed; older readers still understand it.",
            )


def breaks(folder: Path) -> Iterator[str]:
    """Say what changed since the golden schemas in a way that breaks readers."""
    known = {golden_name(message): message for message in messages()}
    for path in sorted(folder.glob("*.json")):
        message = known.get(path.name)
        if message is None:
            yield _gone(path.name)
        else:
            golden: Schema = json.loads(path.read_text(encoding="utf-8"))
            yield from breaking(path.name, golden, json.loads(schema_text(message)))


def breaking(name: str, old: Schema, new: Schema) -> list[str]:
    """Compare two schemas of one message.

    An old reader survives a new field that it ignores, and a new reader survives an old message that lacks an optional
    field. Anything else may break one of them: a field gone, a field newly required, a field of another kind.
    """
    found: list[str] = []
    olds, news = _models(old), _models(new)
    for model, before in olds.items():
        after = news.get(model)
        if after is None:
            found.append(f"{name}: {model} is gone.")
        else:
            found += [f"{name}: {model}{fault}" for fault in _model_faults(before, after)]
    return found


def _gone(name: str) -> str:
    return f"{name}: the message is gone; it must stay readable."


def _model_faults(before: Schema, after: Schema) -> Iterator[str]:
    old, new = _mapping(before.get("properties")), _mapping(after.get("properties"))
    if not old and not new and _bare(before) != _bare(after):
        yield " allows other values."
    for field, was in old.items():
        if field not in new:
            yield f".{field} is gone."
        elif _bare(was) != _bare(new[field]):
            yield f".{field} is of another kind."
    before_required, after_required = _names(before.get("required")), _names(after.get("required"))
    for field in sorted(after_required - before_required):
        yield f".{field} is newly required."


def _models(schema: Schema) -> dict[str, Schema]:
    own = str(schema.get("title", "message"))
    definitions = _mapping(schema.get("$defs"))
    return {own: schema} | {name: _mapping(content) for name, content in definitions.items()}


def _bare(part: object) -> object:
    """The part without words meant for people."""
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in _WORDS | {"$defs"}}
    return [_bare(value) for value in part] if isinstance(part, list) else part


def _mapping(part: object) -> Schema:
    return part if isinstance(part, dict) else {}


def _names(part: object) -> frozenset[str]:
    return frozenset(str(name) for name in part) if isinstance(part, list) else frozenset()


def _definitions(model: type[Contract]) -> frozenset[str]:
    return frozenset(_mapping(model.model_json_schema().get("$defs"))) - {model.__name__}


def _descendants(root: type[Contract]) -> Iterator[type[Contract]]:
    for child in root.__subclasses__():
        yield child
        yield from _descendants(child)
