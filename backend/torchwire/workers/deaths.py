"""What a worker's death means.

Torch can end a process (a crash in native code), run into its deadline while it holds the interpreter, or be killed by
the kernel when the machine's memory is full: these are answers about the network. An operator's `kill -9`, or the end
of the fork server, is not. Exit codes do not tell the kernel's SIGKILL from an operator's, so the rule is:

    how it died                                  what follows
    killed by us, after the deadline             limit-time at its place; only shapes are computed again
    memory ran out between two nodes             limit-memory at its place; everything else runs again
    a signal but SIGKILL, or an exit code,       crashed at its place; everything else runs again
      while it was at a node
    SIGKILL, or before it was at a node          one retry of the same request;
                                                 SIGKILL at the same place again: limit-memory there;
                                                 anything else: no answer, 503
    after a stop was set                         less is tried: shapes alone, then the problem alone; the network is
                                                 still what is answered about. The next death is a 422: the
                                                 request cannot even be read
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace

from torchwire.workers.process import Died


@dataclass(frozen=True)
class Stop:
    """A place that is not entered again. `rerun`: the rest runs; else, `shapes`: they are found; else nothing is."""

    node: str
    code: str
    rerun: bool
    shapes: bool = True


class Coroner:
    """Judges the deaths of one request."""

    def __init__(self) -> None:
        self.stop: Stop | None = None
        self._outside: str | None = None  # the place of a death that was nobody's fault

    def judge(self, death: Died | None) -> bool:
        """True: send the request again with `stop`. False: give up. None is memory that ran out between nodes."""
        if self.stop is not None:
            if not self.stop.shapes:
                return False
            self.stop = replace(self.stop, rerun=False, shapes=self.stop.rerun)
            return True
        if death is None:
            self.stop = Stop("", "limit-memory", True)
        elif death.late:
            self.stop = Stop(death.place, "limit-time", False)
        elif death.place and death.code not in (-signal.SIGKILL, None, 0):
            self.stop = Stop(death.place, "crashed", True)
        elif self._outside is None:
            self._outside = death.place
        elif death.code == -signal.SIGKILL and death.place and death.place == self._outside:
            self.stop = Stop(death.place, "limit-memory", False)
        else:
            return False
        return True
