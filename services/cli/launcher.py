"""Start many programs from one warm process: what all read in is read in once.

Takes the name of the module that all of them need; reads programs as JSON from
standard input, forks one process for each, and prints their numbers. Each becomes
what ``python -m MODULE --config FILE`` is: a session of its own, that module as
``__main__`` with those arguments, its own log. Nothing but code is shared: no key,
connection or thread exists yet.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import sys
from typing import Any, NoReturn

from setproctitle import setproctitle

import services.node.lean  # noqa: F401 - before anything that would import rich


def main() -> None:
    """Fork one process a program; standard output gets their numbers as JSON."""
    programs = json.load(sys.stdin)
    importlib.import_module(sys.argv[1])
    # What is read in stays shared between the processes.
    gc.freeze()
    numbers = []
    for program in programs:
        number = os.fork()
        if number == 0:
            become(program, programs)
        numbers.append(number)
    sys.stdout.write(json.dumps(numbers))


def become(program: dict[str, Any], programs: list[dict[str, Any]]) -> NoReturn:
    """Run the program in this process, and end with its exit code."""
    os.setsid()
    for other in programs:
        if other is not program:
            os.close(other["ready"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(program["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for ours, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, standard)
    module, arguments = program["module"], program["arguments"]
    setproctitle(" ".join((sys.executable, "-P", "-m", module, *arguments)))
    sys.argv = [module, *arguments]
    code: Any = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ending:
        code = ending.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
