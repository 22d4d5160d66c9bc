"""Frozen values to protobuf messages and back, by their field names.

A value class and its message have the same fields; this module reads the type
hints once per class and converts both ways. It knows str, bytes, int, bool,
aware datetimes (int64 Unix milliseconds), enums (by name, with the prefix that
buf asks for), tuples, nested values and unions of values (a oneof). A trailing
underscore in a field name is dropped (``from_`` is ``from``).

Raises ``InvalidInputError`` for bytes that are no such message, for an enum
value that this version does not know, for a oneof that is not set, for an instant
outside the calendar and for a text that no database keeps (one with a NUL).
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from google.protobuf.message import DecodeError, Message

from services.node.domain.errors import InvalidInputError

V = TypeVar("V")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_AS_IT_IS = (bytes, int, bool)
"""What protobuf gives and takes as Python has it."""
#: Far enough from the ends of the calendar that time zones and deadlines, which
#: add to an instant, stay inside.
EARLIEST = datetime(2, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def to_millis(instant: datetime) -> int:
    """Unix milliseconds of an aware datetime."""
    return (instant - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """The aware UTC datetime of Unix milliseconds; refuses what no date holds."""
    try:
        instant = _EPOCH + timedelta(milliseconds=millis)
    except OverflowError:
        instant = None
    if instant is None or not EARLIEST <= instant < LATEST:
        raise InvalidInputError(
            "wire.bad_instant", "An instant lies outside the calendar."
        )
    return instant


def encode(value: object, message_class: type[Message]) -> bytes:
    """The bytes of ``value`` as a ``message_class``, fields in number order."""
    message = to_message(value, message_class)
    raw: bytes = message.SerializeToString(deterministic=True)
    return raw


def decode(raw: bytes, message_class: type[Message], value_class: type[V]) -> V:
    """The value that ``raw`` carries; refuses bytes that are no such message."""
    message = message_class()
    try:
        message.ParseFromString(raw)
    except DecodeError as error:
        raise InvalidInputError(
            "wire.malformed",
            f"These bytes are no {message_class.DESCRIPTOR.full_name}.",
        ) from error
    return from_message(message, value_class)


def to_message(value: object, message_class: type[Message]) -> Any:
    """A ``message_class`` that holds the fields of ``value``."""
    message = message_class()
    _fill(message, value)
    return message


def _fill(message: Any, value: object) -> None:
    """Put the fields of ``value`` into a message that is empty."""
    for name, put, _ in _plan(type(value), type(message)):
        put(message, getattr(value, name))


def from_message(message: Message, value_class: type[V]) -> V:
    """A ``value_class`` that holds the fields of ``message``."""
    # A plan has the fields in the order in which the class takes them.
    plan = _plan(value_class, type(message))
    return value_class(*[get(message) for _, _, get in plan])


Put = Callable[[Any, Any], None]
Get = Callable[[Any], Any]


_Plan = tuple[tuple[str, Put, Get], ...]
_PLANS: dict[tuple[type, type], _Plan] = {}


def _plan(value_class: type, message_class: type[Message]) -> _Plan:
    """How to convert between the two, worked out once a pair of classes."""
    key = (value_class, message_class)
    if key not in _PLANS:
        _PLANS[key] = _make_plan(value_class, message_class)
    return _PLANS[key]


def _make_plan(value_class: type, message_class: type[Message]) -> _Plan:
    hints = typing.get_type_hints(value_class)
    descriptor = message_class.DESCRIPTOR
    plan = []
    for field in fields(value_class):
        wire_name = field.name.rstrip("_")
        hint = hints[field.name]
        if wire_name not in descriptor.fields_by_name:
            message = f"{descriptor.full_name} has no field {wire_name}"
            raise TypeError(message)
        column: Any = descriptor.fields_by_name[wire_name]
        plan.append((field.name, *_field_plan(wire_name, hint, column)))
    return tuple(plan)


def _field_plan(name: str, hint: Any, column: Any) -> tuple[Put, Get]:
    if typing.get_origin(hint) is tuple:
        return _repeated(name, typing.get_args(hint)[0], column)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        members = typing.get_args(hint)
        if type(None) in members:
            (inner,) = (member for member in members if member is not type(None))
            return _optional(name, inner, column)
        return _oneof(name, members, column)
    if is_dataclass(hint):
        return _nested(name, typing.cast("type", hint))
    if hint in _AS_IT_IS:
        return lambda message, value: setattr(message, name, value), attrgetter(name)
    to_wire, from_wire = _scalar(hint, column.enum_type)

    def put(message: Any, value: Any) -> None:
        setattr(message, name, to_wire(value))

    return put, lambda message: from_wire(getattr(message, name))


def _repeated(name: str, item: Any, column: Any) -> tuple[Put, Get]:
    if is_dataclass(item):
        value_class = typing.cast("type", item)

        def put_all(message: Any, values: Any) -> None:
            target = getattr(message, name)
            for value in values:
                _fill(target.add(), value)

        return put_all, lambda message: tuple(
            [from_message(each, value_class) for each in getattr(message, name)]
        )
    to_wire, from_wire = _scalar(item, column.enum_type)

    def put(message: Any, values: Any) -> None:
        getattr(message, name).extend(to_wire(value) for value in values)

    return put, lambda message: tuple([from_wire(x) for x in getattr(message, name)])


def _nested(name: str, value_class: type) -> tuple[Put, Get]:
    def put(message: Any, value: Any) -> None:
        target = getattr(message, name)
        _fill(target, value)
        target.SetInParent()

    return put, lambda message: from_message(getattr(message, name), value_class)


def _optional(name: str, inner: Any, column: Any) -> tuple[Put, Get]:
    put_inner, get_inner = _field_plan(name, inner, column)

    def put(message: Any, value: Any) -> None:
        if value is not None:
            put_inner(message, value)

    def get(message: Any) -> Any:
        return get_inner(message) if message.HasField(name) else None

    return put, get


def _oneof(name: str, members: Any, column: Any) -> tuple[Put, Get]:
    """A message whose only oneof has one arm a member, found by message type."""
    (oneof,) = column.message_type.oneofs
    arm_of = {arm.message_type.name: arm.name for arm in oneof.fields}
    class_of_arm = {arm_of[member.__name__]: member for member in members}

    def put(message: Any, value: Any) -> None:
        target = getattr(getattr(message, name), arm_of[type(value).__name__])
        _fill(target, value)
        target.SetInParent()

    def get(message: Any) -> Any:
        holder = getattr(message, name)
        arm = holder.WhichOneof(oneof.name)
        if arm is None or arm not in class_of_arm:
            raise InvalidInputError(
                "wire.unknown_content",
                f"{column.full_name} holds nothing that this version knows.",
            )
        return from_message(getattr(holder, arm), class_of_arm[arm])

    return put, get


def _scalar(hint: Any, enum: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if hint is datetime:
        return to_millis, from_millis
    if isinstance(hint, type) and issubclass(hint, StrEnum) and enum is not None:
        return _enum(hint, enum)
    return (lambda value: value), (_text if hint is str else lambda value: value)


def _text(value: str) -> str:
    if "\0" in value:
        raise InvalidInputError(
            "wire.bad_text", "A text holds a NUL, which no database keeps."
        )
    return value


def _enum(
    hint: type[StrEnum], enum: Any
) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    suffix = "_UNSPECIFIED"
    prefix = next(v.name for v in enum.values if v.number == 0)[: -len(suffix)]
    number = {
        member: enum.values_by_name[f"{prefix}_{member.name}"].number for member in hint
    }
    member_of = {value: key for key, value in number.items()}

    def from_wire(value: int) -> StrEnum:
        if value not in member_of:
            raise InvalidInputError(
                "wire.unknown_code", f"{enum.full_name} {value} is not known here."
            )
        return member_of[value]

    return (lambda member: number[member]), from_wire
