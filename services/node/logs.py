"""The log: one canonical event a call or relay attempt, and nothing personal.

Events have dotted past-tense names. A closed list of keys may be logged; any
other key is dropped before it is written, so that a careless line in a new
module cannot leak. JSON unless standard error is a terminal.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from services.node.config.node import LogSection

ALLOWED_KEYS = frozenset(
    {
        "acts",
        "code",
        "day",
        "deadline",
        "disabled",
        "dropped",
        "endpoint",
        "event",
        "exception",
        "failures",
        "forms",
        "here",
        "kind",
        "letters",
        "level",
        "listener",
        "looks",
        "member",
        "method",
        "milliseconds",
        "peer",
        "problem",
        "put_off",
        "received",
        "refused",
        "ring",
        "stated",
        "statements",
        "status",
        "subject",
        "timestamp",
        "what",
    }
)
"""Every key that a log line may have; docs/logging.md says what each holds."""


def log_to_standard_error(section: LogSection) -> None:
    """Configure structlog once for this process."""
    as_json = section.format == "json" or (
        section.format == "auto" and not sys.stderr.isatty()
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_of_exception,
            drop_unknown_keys,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[section.level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def drop_unknown_keys(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep what is on the list; everything else could be about a person."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def name_of_exception(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The kind of an exception and where it was raised, never its text."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if kind is not None and trace is not None:
            file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
            event["exception"] = f"{kind.__name__} in {file}:{trace.tb_lineno}"
    return event
