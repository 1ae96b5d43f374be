"""A process of its own for one act: forked, with a fault in it, and what became of it."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AeoError

LONGEST = 20.0


@dataclass(frozen=True)
class Fault:
    """What goes wrong: SIGKILL at the nth step, SIGKILL after seconds, or no file may grow beyond so many bytes."""

    kind: str = ""
    steps: int = 0
    seconds: float = 0.0
    room: int = 0


@dataclass
class Child:
    """A running act."""

    pid: int
    said: int
    fault: Fault
    started: float

    def end(self) -> Outcome:
        """Wait for it, killing it when its fault says so, or when it hangs."""
        patience = self.fault.seconds if self.fault.kind == "kill later" else LONGEST
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - self.started > patience:
                os.kill(self.pid, signal.SIGKILL)
                _, status = os.waitpid(self.pid, 0)
                break
            time.sleep(0.001)
        with os.fdopen(self.said) as said:
            text = said.read()
        hung = os.WIFSIGNALED(status) and self.fault.kind not in ("kill later", "kill at step")
        if hung:
            return Outcome("hung", None)
        if os.WIFSIGNALED(status):
            return Outcome("killed", None)
        document = json.loads(text) if text else {"crashed": "no word"}
        return Outcome(next(iter(document)), next(iter(document.values())))


@dataclass(frozen=True)
class Outcome:
    """``done`` with a result, ``refused`` with a sentence, ``killed``, ``hung``, or ``crashed`` with a traceback."""

    kind: str
    result: Any


class Counted:
    """A stand-in for a port: each call of its methods, and each begin and end of its transactions, is a step."""

    def __init__(self, real: Any, step: Callable[[], None]) -> None:
        self._real = real
        self._step = step

    def __getattr__(self, name: str) -> Any:
        """The real attribute, counted."""
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._step()
            result = found(*args, **kwargs)
            self._step()
            return Counted(result, self._step) if hasattr(result, "__enter__") and not hasattr(result, "read") else result

        return counted

    def __enter__(self) -> Any:
        """A transaction begins."""
        self._step()
        return Counted(self._real.__enter__(), self._step)

    def __exit__(self, *exc: Any) -> Any:
        """A transaction ends: killed just before or just after the commit."""
        self._step()
        result = self._real.__exit__(*exc)
        self._step()
        return result


Wrap = Callable[[Any], Any]


def start(act: Callable[[Wrap], Any], fault: Fault) -> Child:
    """Fork a process for an act. The act wraps its ports with what it is given, so that steps count."""
    reading, writing = os.pipe()
    gc.freeze()  # what stands is not walked, and so not copied, in the child
    pid = os.fork()
    if pid:
        gc.unfreeze()  # or nothing that stood at a fork is ever let go of
        os.close(writing)
        return Child(pid, reading, fault, time.monotonic())
    gc.disable()
    os.close(reading)
    try:
        try:
            said = {"done": act(_under(fault))}
        except AeoError as refused:
            said = {"refused": refused.sentence("en")}
        except BaseException:
            said = {"crashed": traceback.format_exc()}
        os.write(writing, json.dumps(said).encode()[:60_000])
    finally:
        os._exit(0)
    raise AssertionError("unreachable")


def _under(fault: Fault) -> Wrap:
    """Make the fault ready in this process."""
    if fault.kind == "full disk":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.room, fault.room))
    if fault.kind != "kill at step":
        return lambda port: port
    left = [fault.steps]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def stepping(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            step()
            result = real(*args, **kwargs)
            step()
            return result

        return call

    os.fsync = stepping(os.fsync)
    Path.replace = stepping(Path.replace)  # type: ignore[method-assign]
    return lambda port: Counted(port, step)
