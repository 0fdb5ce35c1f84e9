"""A part of a core for a process, by the kernel's control groups: the rest stays free for broker and source.

On a machine with few cores workers take turns with the broker, and what a second worker adds cannot be seen.
Held to a part of their cores, one worker and two have the same conditions.
"""

from pathlib import Path

PERIOD_US = 10_000
"""The kernel hands out each period's share; short, so that a held process is late by milliseconds only."""
V1, V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


class CoreShare:
    """One process held to a part of one core, until `end`. Raises RuntimeError where this cannot be done."""

    def __init__(self, pid: int, share: float) -> None:
        quota = int(PERIOD_US * share)
        try:
            self._group = self._made(f"interdict-bench-{pid}", quota)
            (self._group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            raise RuntimeError(
                f"a share of a core needs root and the cpu controller of cgroups: {error}"
            ) from error

    @staticmethod
    def _made(name: str, quota: int) -> Path:
        if V1.is_dir():
            group = V1 / name
            group.mkdir()
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
            return group
        (V2 / "cgroup.subtree_control").write_text("+cpu")
        group = V2 / name
        group.mkdir()
        (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
        return group

    def end(self) -> None:
        """Once the process has ended."""
        self._group.rmdir()
