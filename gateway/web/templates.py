"""The templates: everything is escaped, and a missing value is a fault.

GOV.UK's macros come from their package; ours lie in ``gateway/templates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
)
from jinja2.utils import missing


class _Missing(Undefined):
    """A fault where a page lacks a value; nothing where a macro's option is left out.

    GOV.UK's macros take one dictionary and look for every option in it.
    """

    def __new__(cls, hint: Any = None, obj: Any = missing, **rest: Any) -> Any:
        """Strict for names and values, forgiving for keys of a dictionary.

        ``caller`` is what a macro is called around: it may be called without.
        """
        forgiving = isinstance(obj, dict) or rest.get("name") == "caller"
        kind = ChainableUndefined if forgiving else StrictUndefined
        return kind(hint, obj, **rest)


FOLDER = Path(__file__).resolve().parents[1] / "templates"


def environment(manifest: Mapping[str, str]) -> Environment:
    """The environment of one gateway; ``manifest`` names the built files.

    Which language a page speaks is decided by the ``words`` that it is given.
    """
    found = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(FOLDER),
                PrefixLoader(
                    {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
                ),
            ]
        ),
        autoescape=True,
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["built"] = dict(manifest)
    # GOV.UK's macros were written for Nunjucks, which has words for both.
    found.globals["undefined"] = ChainableUndefined()
    found.globals["null"] = None
    return found
