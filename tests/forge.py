"""A program that has imported the desk and the sandbox, and forks a program for each order.

A fork is ready in a hundredth of the time that an interpreter and its imports take; what is run is
the same as by `python …`. Nothing here starts a thread before it forks. An order is one message on
the socket whose number is the only argument: what to run, and the ends for its output.
"""

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from typing import Any

import cli.serve
import failpoints
import sandbox.__main__
import tests.bot.one_worker
import tests.faults.quick_clock
import tests.faults.quick_server
import web.api.installing
import web.whole
from nlp.classifier import warm_up
from nlp.patterns import compile_all
from settings import ROOT
from tests.read_once import read_once
from texts import read_sentences

PRELOADED = (
    cli.serve,
    sandbox.__main__,
    tests.bot.one_worker,
    tests.faults.quick_clock,
    tests.faults.quick_server,
    web.api.installing,
    web.whole,
)
LONGEST = 1 << 20  # bytes of an order


def main(number: int) -> None:
    orders = socket.socket(fileno=number)
    warm_up()
    compile_all()
    read_once()
    read_sentences(ROOT / "texts.yaml")
    gc.collect()
    gc.freeze()  # what is there now is not walked through again, so its pages stay shared
    orders.sendall(b"ready\n")
    while True:
        message, ends, _, _ = socket.recv_fds(orders, LONGEST, 3)
        if not message:
            return
        orders.sendall(f"{_obeyed(orders, json.loads(message), ends)}\n".encode())


def _obeyed(orders: socket.socket, order: dict[str, Any], ends: list[int]) -> int:
    """The process that was forked, or the exit code of one that has ended."""
    if "wait" in order:
        return os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
    child = os.fork()
    if child == 0:
        orders.close()
        _be_program(order, ends)
    for end in ends:
        os.close(end)
    return child


def _be_program(order: dict[str, Any], ends: list[int]) -> None:
    """Never returns: the forge's own stack ends here."""
    code = 1
    try:
        _become(order, ends)
        code = _ran(order["program"])
    except BaseException:
        traceback.print_exc()
    finally:
        _end_in_good_order(code)


def _become(order: dict[str, Any], ends: list[int]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for place, end in enumerate(ends):
        os.dup2(end, place)
        os.close(end)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    sys.argv = order["program"]
    os.environ.clear()
    os.environ.update(order["environment"])
    name, _, nth = order["environment"].get("ITDESK_FAILPOINT", "").partition(":")
    if name:
        failpoints.arm(name, int(nth or 1))


def _ran(program: list[str]) -> int:
    try:
        if program[0] == "run.py":
            runpy.run_path("run.py", run_name="__main__")
        else:
            for name in (program[0], f"{program[0]}.__main__"):
                sys.modules.pop(name, None)  # it was loaded for what it imports
            runpy.run_module(program[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0


def _end_in_good_order(code: int) -> None:
    """As an interpreter does: threads that must be waited for, then what is to be done at exit."""
    try:
        vars(threading)["_shutdown"]()
        vars(atexit)["_run_exitfuncs"]()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
