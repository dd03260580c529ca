"""JSON schemas of the views, for `openapi.json`: pydantic reads no standard-library TypedDict on Python 3.11."""

import types
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(annotation: Any) -> dict[str, Any]:
    """The schema of an annotation that the views use: TypedDicts, lists, dicts, literals, unions and plain values."""
    if annotation in _SIMPLE:
        return {"type": _SIMPLE[annotation]}
    if is_typeddict(annotation):
        hints = get_type_hints(annotation)
        return {
            "type": "object",
            "title": annotation.__name__,
            "description": annotation.__doc__ or "",
            "properties": {name: schema_of(hint) for name, hint in hints.items()},
            "required": sorted(annotation.__required_keys__),
        }
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in {Union, types.UnionType}:
        return {"anyOf": [schema_of(one) for one in inside]}
    if origin is list:
        return {"type": "array", "items": schema_of(inside[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inside[1])}
    if origin is NotRequired:
        return schema_of(inside[0])
    return {}


def answered(view: type, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What `openapi.json` says of a call that answers with such a view."""
    return {
        status: {
            "description": (view.__doc__ or "").strip(),
            "content": {"application/json": {"schema": schema_of(view)}},
        }
    }
