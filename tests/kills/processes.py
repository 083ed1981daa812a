"""The processes of a server, by what they are."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Literal

Kind = Literal["web", "fork", "worker"]


def children(pid: int) -> list[int]:
    """Processes that it started; none when it is gone."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    except OSError:
        pass
    return found


def processes(supervisor: int) -> dict[Kind, list[int]]:
    """Web process, fork server, workers, as far as they are there."""
    web = children(supervisor)
    forks = [child for pid in web for child in children(pid)]
    return {"web": web, "fork": forks, "worker": [child for pid in forks for child in children(pid)]}


def alive(pid: int) -> bool:
    """Whether it runs; what has ended and is only not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def memory(pid: int) -> int:
    """KiB that it alone holds."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def wait_until_gone(pids: list[int], seconds: float) -> list[int]:
    """Those that are still there after so long."""
    end = time.monotonic() + seconds
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < end:
        time.sleep(0.01)
    return left
