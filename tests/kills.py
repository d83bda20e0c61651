"""SIGKILL at any line: a piece of work is begun again and again and dies a little later."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any


def killed_everywhere(work: Callable[[], Any], modules: tuple[ModuleType, ...]) -> Iterator[int]:
    """Run ``work`` in a child that is killed before the nth new line it meets in ``modules``.

    Gives n after each death, until the work comes to its end. What it leaves behind is the
    caller's to look at, and to put right before the next round.
    """
    files = {str(Path(str(module.__file__))) for module in modules}
    line = 1
    while _dies(work, files, line):
        yield line
        line += 1


def _dies(work: Callable[[], Any], files: set[str], line: int) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            sys.settrace(_killer(files, line))
            work()
            code = 0
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _killer(files: set[str], line: int) -> Callable[[FrameType, str, Any], Any]:
    met: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            met.add((frame.f_code.co_filename, frame.f_lineno))
            if len(met) == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace
