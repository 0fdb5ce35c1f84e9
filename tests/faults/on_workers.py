"""What happens to workers. One that ends is started again by the scene's supervisor and needs no healing."""

import contextlib
import resource
import signal

from tests.e2e.worker import wait_until
from tests.faults.hurt import DEFECTS
from tests.faults.scene import MINUTE_SECONDS, PATIENCE_SECONDS, Scene

CLOCK_STEP_SECONDS = 3600
"""A machine whose clock was set to another time zone."""


def worker_killed(scene: Scene) -> None:
    """SIGKILL, also what an out-of-memory killer sends."""
    scene.worker().kill()
    scene.change_list()


def worker_terminated(scene: Scene) -> None:
    """SIGTERM, as in a rolling restart."""
    scene.worker().terminate()
    scene.change_list()


def every_worker_killed(scene: Scene) -> None:
    for worker in scene.pipeline.workers:
        worker.kill()
    scene.change_list()


def worker_frozen(scene: Scene) -> None:
    """SIGSTOP for longer than its session: the others take its partitions, then it wakes up and goes on."""
    _freeze(scene, scene.session_seconds * 1.5)


def worker_frozen_for_a_minute(scene: Scene) -> None:
    """Longer than sessions, requests and idle connections last."""
    _freeze(scene, MINUTE_SECONDS)


def _freeze(scene: Scene, seconds: float) -> None:
    worker = scene.worker()
    worker.pause()
    scene.change_list()
    scene.hold(seconds)
    worker.resume()


def worker_out_of_memory(scene: Scene) -> None:
    """The system gives it no page more for a while: wherever it asks for one, it fails."""
    worker = scene.worker()
    scene.wait_until_ready(worker)
    pid = worker.pid
    with contextlib.suppress(ProcessLookupError):
        soft, hard = resource.prlimit(pid, resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (1, hard))
        scene.change_list()
        scene.hold(5.0)
        resource.prlimit(pid, resource.RLIMIT_AS, (soft, hard))


def agent_raises(scene: Scene) -> None:
    """A defect in our own code, while a batch is under way: nothing of it may count as decided."""
    worker = scene.worker()
    scene.wait_until_ready(worker)
    worker.send_signal(scene.rng.choice(DEFECTS))
    scene.change_list()


def clocks_stepped(scene: Scene) -> None:
    """The time of day of every worker, and of the lookback."""
    scene.step_clocks([*scene.pipeline.workers, scene.lookback], CLOCK_STEP_SECONDS)


def lookback_killed(scene: Scene) -> None:
    """Three times in the middle of what it makes up for; what came meanwhile waits for its next start."""
    for _ in range(3):
        scene.change_list()
        scene.hold(scene.rng.uniform(0.2, 3.0))
        scene.lookback.kill()
        scene.change_list()
        wait_until(lambda: scene.lookback.running, "it is started again", seconds=PATIENCE_SECONDS)


def rebalances_in_a_storm(scene: Scene) -> None:
    """A worker that comes and goes: each time every partition is taken from everybody and given anew."""
    guest = scene.pipeline.new_worker("guest")
    for _ in range(3):
        guest.start()
        scene.hold(3.0)
        scene.change_list()
        guest.send_signal(scene.rng.choice((signal.SIGKILL, signal.SIGTERM)))
        guest.wait()
