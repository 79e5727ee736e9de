"""What processes cost, read from /proc (Linux), and the machine in general terms."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def family(*roots: int) -> list[int]:
    """These processes and all their descendants."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, open_ends = [], list(roots)
    while open_ends:
        pid = open_ends.pop()
        found.append(pid)
        open_ends += children.get(pid, [])
    return found


def memory_mb(pids: Iterable[int]) -> int:
    """Proportional set size: memory shared by several of them is counted once."""
    return round(sum(_pss_kb(pid) for pid in pids) / 1024)


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of living processes, user and system."""
    return sum((int(fields[11]) + int(fields[12])) / _TICKS for pid in pids if (fields := _stat(pid)))


def described() -> str:
    """The machine in general terms."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {gigabytes:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite"
    )


def _stat(pid: int) -> list[str] | None:
    """The fields after the name, from the state on; None for a process that is gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _pss_kb(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
