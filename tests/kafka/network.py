"""Brokers each in a network namespace of their own, so that one can be cut off from its peers and not from
its clients. Needs Linux, root and the `ip` command."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self


def missing() -> str:
    """Why brokers cannot be cut off on this machine; empty when they can."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        return "network namespaces need Linux, root and iproute2"
    name = f"ik{os.getpid()}try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return ""


class BrokerNetwork:
    """A bridge on this machine and `size` namespaces on it, for as long as the `with` block lasts."""

    def __init__(self, size: int) -> None:
        self._mark = f"ik{os.getpid()}"  # at most seven digits: an interface has 15 characters
        self._subnet = f"10.213.{os.getpid() % 250 + 1}"
        self._size = size

    def address(self, node: int) -> str:
        """Of a broker, from 1."""
        return f"{self._subnet}.{node}"

    def command(self, node: int) -> tuple[str, ...]:
        """What a process is started with that lives where the broker does."""
        return ("ip", "netns", "exec", self._space(node))

    @contextmanager
    def cut_off(self, node: int) -> Iterator[None]:
        """Between this broker and its peers every packet is lost; clients reach all of them."""
        peers = [other for other in range(1, self._size + 1) if other != node]
        ways = [(node, peer) for peer in peers] + [(peer, node) for peer in peers]
        for at, to in ways:
            _ip("-n", self._space(at), "route", "add", "blackhole", f"{self.address(to)}/32")
        try:
            yield
        finally:
            for at, to in ways:
                _ip("-n", self._space(at), "route", "delete", "blackhole", f"{self.address(to)}/32")

    def __enter__(self) -> Self:
        _sweep()
        try:
            _ip("link", "add", self._mark, "type", "bridge")
            _ip("address", "add", f"{self._subnet}.254/24", "dev", self._mark)
            _ip("link", "set", self._mark, "up")
            for node in range(1, self._size + 1):
                self._add(node)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _add(self, node: int) -> None:
        space, outer, inner = self._space(node), f"{self._mark}o{node}", f"{self._mark}i{node}"
        _ip("netns", "add", space)
        _ip("link", "add", outer, "type", "veth", "peer", "name", inner)
        _ip("link", "set", outer, "master", self._mark, "up")
        _ip("link", "set", inner, "netns", space)
        _ip("-n", space, "link", "set", "lo", "up")
        _ip("-n", space, "address", "add", f"{self.address(node)}/24", "dev", inner)
        _ip("-n", space, "link", "set", inner, "up")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        for node in range(1, self._size + 1):
            _remove(self._mark, node)

    def _space(self, node: int) -> str:
        return f"{self._mark}n{node}"


def _remove(mark: str, node: int) -> None:
    for what in (("netns", f"{mark}n{node}"), ("link", f"{mark}o{node}"), ("link", mark)):
        subprocess.run(["ip", what[0], "delete", what[1]], capture_output=True)


def _sweep() -> None:
    """What tests that were killed could not take down."""
    told = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    for pid, node in re.findall(r"^ik(\d+)n(\d+)", told, re.MULTILINE):
        if not Path(f"/proc/{pid}").exists():
            _remove(f"ik{pid}", int(node))


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
