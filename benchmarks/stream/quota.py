"""A part of a core for a process, by the kernel's control groups: the rest stays free for broker and source.

On a machine with few cores workers take turns with the broker, and what a second worker adds cannot be seen.
Held to a part of their cores, one worker and two have the same conditions.
"""

from contextlib import suppress
from pathlib import Path

PERIOD_US = 10_000
"""The kernel hands out each period's share; short, so that a held process is late by milliseconds only."""
V1, V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


class CoreShare:
    """One process held to a part of one core, until `end`. Raises RuntimeError where this cannot be done."""

    def __init__(self, pid: int, share: float) -> None:
        self._group = (V1 if V1.is_dir() else V2) / f"interdict-bench-{pid}"
        try:
            self._hold(pid, int(PERIOD_US * share))
        except OSError as error:
            with suppress(OSError):
                self.end()
            raise RuntimeError(
                f"a share of a core needs root and the cpu controller of cgroups: {error}"
            ) from error

    def _hold(self, pid: int, quota: int) -> None:
        if V1.is_dir():
            limits = {"cpu.cfs_period_us": f"{PERIOD_US}", "cpu.cfs_quota_us": f"{quota}"}
        else:
            (V2 / "cgroup.subtree_control").write_text("+cpu")
            limits = {"cpu.max": f"{quota} {PERIOD_US}"}
        self._group.mkdir()
        for name, value in {**limits, "cgroup.procs": str(pid)}.items():
            (self._group / name).write_text(value)

    def end(self) -> None:
        """Once the process has ended."""
        self._group.rmdir()
