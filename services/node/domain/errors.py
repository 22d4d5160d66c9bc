"""The one family of errors.

Every refusal in Relais is a :class:`RelaisError` with a stable code, a sentence
that says what went wrong, where, and what to do about it. The codes are listed
in ``docs/errors.md``. Nothing about a person ever stands in an error: texts
name fields, rows and files, never the values found there.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z][a-z_]{0,47}\.[a-z][a-z_]{0,47}")


def stable_code(code: str, otherwise: str) -> str:
    """A code as another node gave it, if it has the shape of one."""
    return code if _CODE.fullmatch(code) else otherwise


class RelaisError(Exception):
    """Something was refused.

    ``code`` is stable and dotted (``envelope.too_large``); ``where`` names the
    place (a field, a file and key, a row and column); ``remedy`` says what to do.
    ``transient`` is true if the same request may succeed later unchanged.
    """

    transient = False

    def __init__(
        self, code: str, message: str, *, where: str = "", remedy: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.message]
        if self.remedy:
            parts.append(self.remedy)
        if self.where:
            parts.append(f"Where: {self.where}.")
        return f"[{self.code}] " + " ".join(parts)


class InvalidInputError(RelaisError):
    """What was given is malformed; it will never succeed unchanged."""


class NotFoundError(RelaisError):
    """What was named is not known here."""


class NotLawfulError(RelaisError):
    """A rule of the mechanism forbids this act now, or to this member."""


class NotPermittedError(RelaisError):
    """The caller may not do this."""


class VerificationError(RelaisError):
    """A cryptographic check failed; what was checked must not be used."""


class UnavailableError(RelaisError):
    """Something needed is away; the same request may succeed later.

    ``wait`` says in how many seconds, where that is known; 0 where it is not.
    """

    transient = True

    def __init__(
        self,
        code: str,
        message: str,
        *,
        where: str = "",
        remedy: str = "",
        wait: float = 0.0,
    ) -> None:
        super().__init__(code, message, where=where, remedy=remedy)
        self.wait = wait


class ConflictError(RelaisError):
    """Somebody else acted first; read again and decide afresh."""

    transient = True


class ConfigError(RelaisError):
    """A configuration cannot be used; every problem is listed at once."""

    def __init__(self, problems: tuple[str, ...], *, where: str) -> None:
        listed = "; ".join(problems)
        super().__init__(
            "config.invalid",
            f"{len(problems)} problem(s): {listed}.",
            where=where,
            remedy="Correct the file and start again.",
        )
        self.problems = problems
