"""The launcher that stays (warm.py): it forks the nodes and gateways of a session.

``python -m tests.warm_launcher MODULE DESCRIPTOR`` reads the module in, and takes its
orders from a socket, one a message, each with the descriptor on which the program
says that it is ready. It answers with a number, or with the exit code of a program
that is not expected to serve, and ends when whoever gives orders is gone.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from services.cli import launcher

_MOST = 1 << 16


def main() -> None:
    """Read in, and start what is ordered until whoever orders is gone."""
    needed, line = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    importlib.import_module(needed)
    gc.freeze()
    ended: dict[int, int] = {}

    def reap(*_: object) -> None:
        # At once: whoever waits for a node waits until nothing is left of it.
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            ended[pid] = os.waitstatus_to_exitcode(status)

    signal.signal(signal.SIGCHLD, reap)
    while True:
        raw, descriptors, _, _ = socket.recv_fds(line, _MOST, 1)
        if not raw:
            return
        order, (ready,) = json.loads(raw), descriptors
        ended.clear()
        pid = os.fork()
        if pid == 0:
            _become(order, line, ready)
        os.close(ready)
        if order.get("to_its_end"):
            while pid not in ended:
                time.sleep(0.01)
            line.send(str(ended[pid]).encode())
        else:
            line.send(str(pid).encode())


def _become(order: dict[str, Any], line: socket.socket, ready: int) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.close()
    if order.get("to_its_end"):
        os.close(ready)
    else:
        order["arguments"] += ["--ready-fd", str(ready)]
    launcher.become(order | {"ready": ready}, [])


if __name__ == "__main__":
    main()
