"""The value classes as JSON, both ways, and as schemas: no field is written twice.

A value class and its JSON have the same fields. Bytes are hex in small letters,
instants RFC 3339 with an offset, and null where the value class has the epoch for
none. What is sent may leave out whatever is empty; a field that nobody knows, a
NUL and a number that no contract holds are refused here, each with its place.
Leaves to others: what the values mean (the node decides).
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from services.node.rpc import case_values
from services.node.wire.mapping import EARLIEST, LATEST

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for no instant in the value classes; null in JSON."""

_ID_HEX = 32
_DIGEST_HEX = 64
_MOST = 1000
_LONGEST = 20_000
_LONGEST_HEX = 200_000
_LARGEST = 2**31 - 1
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"
)
_CALLED: dict[type, str] = {case_values.StandingRead: "CaseStandingRead"}
"""Classes of two modules with one name."""


def _instant(text: str) -> str:
    """An instant that a contract can carry; its text stays."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("no_instant")
    if not EARLIEST <= read_instant(text) < LATEST:
        raise ValueError("no_instant")
    return text


def read_instant(text: str) -> datetime:
    """The aware datetime of a text of RFC 3339; ValueError if it is none."""
    return datetime.fromisoformat(text.upper())


def _identifier(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{_ID_HEX}}}", text):
        raise ValueError("no_identifier")
    return bytes.fromhex(text)


def _digest(text: object) -> bytes:
    form = f"[0-9a-f]{{{_DIGEST_HEX}}}"
    if not isinstance(text, str) or not re.fullmatch(form, text):
        raise ValueError("no_digest")
    return bytes.fromhex(text)


Text = Annotated[
    str, StringConstraints(max_length=_LONGEST, pattern=r"^[^\u0000]*$", strict=True)
]
"""A text that a database can keep."""
Word = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[^\u0000]*$", strict=True)
]
"""A code, a name of the directory or a staff pseudonym."""
Hex = Annotated[
    str,
    StringConstraints(
        max_length=_LONGEST_HEX, pattern=r"^([0-9a-f]{2})*$", strict=True
    ),
]
Instant = Annotated[
    str,
    AfterValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Number = Annotated[int, Field(ge=0, le=_LARGEST, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Identifier = Annotated[
    bytes,
    BeforeValidator(_identifier),
    WithJsonSchema({"type": "string", "pattern": f"^[0-9a-f]{{{_ID_HEX}}}$"}),
]
"""16 bytes in hex, as a place of a path or a query names them."""
Digest = Annotated[
    bytes,
    BeforeValidator(_digest),
    WithJsonSchema({"type": "string", "pattern": f"^[0-9a-f]{{{_DIGEST_HEX}}}$"}),
]
"""32 bytes in hex: an envelope, as it stands in the ledger."""

_SCALARS: dict[Any, tuple[Any, Any]] = {
    str: (Text, ""),
    bytes: (Hex, ""),
    int: (Number, 0),
    datetime: (Instant | None, None),
}
"""Type of a value's field to the type in JSON and what it is when left out."""


@cache
def model_of(value_class: type, *without: str) -> type[BaseModel]:
    """The schema of a value class, or of one ``without`` some of its fields."""
    hints = typing.get_type_hints(value_class)
    columns: dict[str, Any] = {
        _attribute(each.name): _named(each.name, *_column(hints[each.name]))
        for each in fields(value_class)
        if each.name not in without
    }
    name = _CALLED.get(value_class, value_class.__name__)
    return create_model(
        f"{name}Said" if without else name,
        __config__=ConfigDict(
            extra="forbid", json_schema_serialization_defaults_required=True
        ),
        __doc__=value_class.__doc__,
        **columns,
    )


def _attribute(name: str) -> str:
    """What a model calls a field; a model has names of its own, such as copy."""
    return f"{name}_" if hasattr(BaseModel, name) else name


def _named(name: str, hint: Any, otherwise: Any) -> tuple[Any, Any]:
    called = Field(otherwise, alias=name) if _attribute(name) != name else otherwise
    return hint, called


def list_of(value_class: type) -> Any:
    """The schema of a whole list of values."""
    return _list(model_of(value_class))


def _column(hint: Any) -> tuple[Any, Any]:
    """The type in JSON, and what the field is when it is left out."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    if hint is bool:
        # Left out, nobody would know which was meant.
        return Flag, ...
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Literal[tuple(each.value for each in hint)], ...
    if typing.get_origin(hint) is tuple:
        item, _ = _column(typing.get_args(hint)[0])
        return Annotated[_list(item), Field(max_length=_MOST)], []
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _union(typing.get_args(hint))
    if is_dataclass(hint):
        return model_of(typing.cast("type", hint)), ...
    message = f"{hint} has no JSON"
    raise TypeError(message)


def _list(item: Any) -> Any:
    return list[item]


def _union(members: tuple[Any, ...]) -> tuple[Any, Any]:
    columns = [_column(each)[0] for each in members if each is not type(None)]
    if type(None) in members:
        return typing.Union[(*columns, None)], None
    return typing.Union[tuple(columns)], ...  # noqa: UP007


def json_of(value: Any) -> Any:
    """A value as JSON holds it."""
    if is_dataclass(value):
        return {each.name: json_of(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [json_of(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return None if value == EPOCH else _rfc3339(value)
    return value.isoformat() if isinstance(value, date) else value


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def value_of(value_class: type, said: BaseModel) -> Any:
    """The value that was sent; fields that its model is without are empty."""
    hints = typing.get_type_hints(value_class)
    return value_class(
        **{
            each.name: _taken(hints[each.name], getattr(said, _attribute(each.name)))
            if _attribute(each.name) in type(said).model_fields
            else _nothing(hints[each.name])
            for each in fields(value_class)
        }
    )


def _taken(hint: Any, said: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_taken(item, each) for each in said)
    if isinstance(hint, types.UnionType):
        (hint,) = (each for each in typing.get_args(hint) if each is not type(None))
        return None if said is None else _taken(hint, said)
    if hint is bytes:
        return bytes.fromhex(said)
    if hint is datetime:
        return EPOCH if said is None else read_instant(said)
    if is_dataclass(hint):
        return value_of(typing.cast("type", hint), said)
    return said


def _nothing(hint: Any) -> Any:
    return _taken(hint, _column(hint)[1])


class Sent:
    """Marks a body: ``Annotated[Offer, Sent()]`` arrives as that value.

    Fields named are not taken from the caller; they arrive empty.
    """

    def __init__(self, *without: str) -> None:
        self._without = without

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The schema of the model, with a value made of it."""
        model = model_of(source, *self._without)
        return core_schema.no_info_after_validator_function(
            lambda said: value_of(source, said), handler.generate_schema(model)
        )
