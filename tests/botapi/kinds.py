# SPDX-License-Identifier: EUPL-1.2
"""Kinds of values in calls to the Bot API: each reads a form's text and checks a value."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class RefusedError(Exception):
    """A call that the Bot API would refuse. `extra` goes into the answer's `parameters`."""

    def __init__(self, description: str, code: int = 400, **extra: int) -> None:
        super().__init__(description)
        self.description = description
        self.code = code
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart call."""

    filename: str
    content_type: str
    content: bytes


def units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


class Kind:
    """One kind of value."""

    def read(self, text: str) -> Any:
        """Return what a form's text stands for. Raises ValueError."""
        return json.loads(text)

    def check(self, value: Any, name: str) -> None:
        """Raise RefusedError when the value is not of this kind."""
        raise NotImplementedError


@dataclass(frozen=True)
class Str(Kind):
    """Text of `least` to `most` UTF-16 units, or bytes where `in_bytes`, matching `test`."""

    least: int = 0
    most: int = 1 << 30
    in_bytes: bool = False
    test: Callable[[str], bool] | None = None

    def read(self, text: str) -> str:
        return text

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, str):
            raise RefusedError(f"Bad Request: field {name!r} must be of type String")
        try:
            length = len(value.encode()) if self.in_bytes else units(value)
        except UnicodeEncodeError:
            raise RefusedError("Bad Request: strings must be encoded in UTF-8") from None
        if not self.least <= length <= self.most:
            raise RefusedError(f"Bad Request: {name} has a wrong length: {length}")
        if self.test is not None and not self.test(value):
            raise RefusedError(f"Bad Request: {name} is invalid: {value!r}")


@dataclass(frozen=True)
class Int(Kind):
    """A whole number."""

    least: int = -(1 << 63)
    most: int = (1 << 63) - 1

    def read(self, text: str) -> int:
        return int(text)

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise RefusedError(f"Bad Request: field {name!r} must be of type Integer")
        if not self.least <= value <= self.most:
            raise RefusedError(f"Bad Request: {name} is out of range: {value}")


@dataclass(frozen=True)
class Float(Kind):
    """A number."""

    least: float
    most: float

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise RefusedError(f"Bad Request: field {name!r} must be of type Number")
        if not self.least <= value <= self.most:
            raise RefusedError(f"Bad Request: {name} is out of range: {value}")


class Bool(Kind):
    """True or False."""

    def read(self, text: str) -> bool:
        words = {"true": True, "1": True, "false": False, "0": False}
        if text.lower() not in words:
            raise ValueError(text)
        return words[text.lower()]

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, bool):
            raise RefusedError(f"Bad Request: field {name!r} must be of type Boolean")


class ChatId(Kind):
    """The number of a chat, or the @name of a public one."""

    def read(self, text: str) -> int | str:
        return text if text.startswith("@") else int(text)

    def check(self, value: Any, name: str) -> None:
        if isinstance(value, str) and value.startswith("@"):
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise RefusedError("Bad Request: chat_id must be of type Integer or a username")


class File(Kind):
    """A file: uploaded, `attach://…`, an address, or the id of one that Telegram has."""

    def read(self, text: str) -> str:
        return text

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, str | Upload) or not value:
            raise RefusedError(f"Bad Request: there is no {name} in the request")


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    words: frozenset[str]

    def read(self, text: str) -> str:
        return text

    def check(self, value: Any, name: str) -> None:
        if value not in self.words:
            raise RefusedError(f"Bad Request: {name} is invalid: {value!r}")


@dataclass(frozen=True)
class Obj(Kind):
    """An object with these fields and no others."""

    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)
    test: Callable[[Mapping[str, Any]], str | None] | None = None
    """Returns what is wrong with the object as a whole."""

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise RefusedError(f"Bad Request: object expected as {name}")
        for key in self.required:
            if key not in value:
                raise RefusedError(f"Bad Request: can't find field {key!r} in {name}")
        for key, inner in value.items():
            kind = self.required.get(key) or self.optional.get(key)
            if kind is None:
                raise RefusedError(f"Bad Request: {name} has no field {key!r}")
            kind.check(inner, f"{name}.{key}")
        if self.test is not None and (wrong := self.test(value)):
            raise RefusedError(f"Bad Request: {wrong}")


@dataclass(frozen=True)
class OneOf(Kind):
    """An object that is of one of several kinds, told apart by a field that only that kind has."""

    by_field: Mapping[str, Kind]

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise RefusedError(f"Bad Request: object expected as {name}")
        for key, kind in self.by_field.items():
            if key in value:
                kind.check(value, name)
                return
        raise RefusedError(f"Bad Request: {name} is of no known type")


@dataclass(frozen=True)
class Typed(Kind):
    """An object that is of one of several kinds, told apart by its field `type`."""

    by_type: Mapping[str, Kind]

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, dict) or value.get("type") not in self.by_type:
            raise RefusedError(f"Bad Request: {name} is of no known type")
        self.by_type[value["type"]].check(value, name)


@dataclass(frozen=True)
class List(Kind):
    """A list of `least` to `most` values of one kind."""

    of: Kind
    least: int = 0
    most: int = 1 << 30

    def check(self, value: Any, name: str) -> None:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise RefusedError(f"Bad Request: expected an Array of {name}")
        if not self.least <= len(value) <= self.most:
            raise RefusedError(f"Bad Request: wrong number of {name}: {len(value)}")
        for inner in value:
            self.of.check(inner, name)


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of the Bot API takes."""

    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]
    all: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all", {**self.required, **self.optional})
