"""What runs beside the workers of a run, and what is asked of it in the end: a lookback, and the audit.

`interdict lookback --follow` makes up for every payment whose party was designated after it was decided, and
`interdict audit verify` finds nothing that is not as one of our writers wrote it, whatever befell them.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from streams.kafka.topics import Topics
from tests.e2e.pipeline import Pipeline
from tests.e2e.reconciliation import ListHistory
from tests.e2e.records import noted, read_all
from tests.e2e.source import Planted
from tests.e2e.worker import INTERDICT, WorkerProcess, wait_until
from tests.kafka.broker import free_port

WINDOW = "12h"
"""All of a run, whatever its clocks say."""
LOOKS_EVERY_SECONDS = 2.0


@dataclass(slots=True)
class Audit:
    """What `interdict audit verify` said."""

    records: int = 0
    repeats: int = 0
    checkpoints: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LookedBack:
    """Alerts of the lookback, and what it still owes. `wrongly_alerted` are those of payments against a
    party that was not on the list which their alert names."""

    alerts: int = 0
    not_alerted: list[str] = field(default_factory=list)
    wrongly_alerted: list[str] = field(default_factory=list)


def follower(pipeline: Pipeline, folder: Path, settings: Mapping[str, str]) -> WorkerProcess:
    """`interdict lookback --follow`, not started."""
    port = free_port()
    command = (INTERDICT, "lookback", "--follow", "--since", WINDOW, "--metrics-port", str(port))
    return WorkerProcess(
        "lookback",
        pipeline.bootstrap,
        folder,
        prefix=pipeline.topics.prefix,
        settings=settings,
        command=command,
    )


def start_following(pipeline: Pipeline, process: WorkerProcess, seconds: float) -> None:
    """It has begun: all that is designated from now on is looked back upon."""
    process.start()
    wait_until(
        lambda: bool(noted(pipeline.bootstrap, pipeline.topics.designations, f"{pipeline.group}.lookback")),
        "the lookback follows",
        seconds=seconds,
        told=lambda: process.log.read_text()[-3000:],
    )


def looked_back(bootstrap: str, topics: Topics, sent: Iterable[Planted]) -> LookedBack:
    """What the topics say of it now."""
    found = LookedBack()
    history = ListHistory(bootstrap, topics.designations)
    alerted: set[tuple[str, str]] = set()
    for alert in _alerts(bootstrap, topics.alerts):
        ids = [hit["designation"]["id"] for hit in alert["hits"]]
        alerted |= {(alert["payment_id"], designation_id) for designation_id in ids}
        if alert["trigger"] == "lookback" and "update" not in alert:
            found.alerts += 1
            offset = alert["list"]["offsets"]["0"]
            if not all(history.in_force(designation_id, offset) for designation_id in ids):
                found.wrongly_alerted.append(alert["payment_id"])
    found.not_alerted = [
        planted.id
        for planted in sent
        if planted.pays and history.in_force_now(planted.pays) and (planted.id, planted.pays) not in alerted
    ]
    return found


def wait_for_lookback(bootstrap: str, topics: Topics, sent: Sequence[Planted], seconds: float) -> LookedBack:
    """When it owes nothing any more, or the time is over."""
    give_up_at = time.monotonic() + seconds
    while (found := looked_back(bootstrap, topics, sent)).not_alerted and time.monotonic() < give_up_at:
        time.sleep(LOOKS_EVERY_SECONDS)
    return found


def verify(bootstrap: str, prefix: str, settings: Mapping[str, str], folder: Path) -> Audit:
    """`interdict audit verify` by somebody who has the key; what it finds is exported to `folder` as well."""
    ours = partial(interdict, bootstrap=bootstrap, prefix=prefix, settings=settings)
    told = json.loads(ours("audit", "verify", "--json").stdout)
    if told["findings"]:
        ours("audit", "export", str(folder / "archive"))
    findings = [f"{each['place']}: {each['problem']}" for each in told["findings"]]
    return Audit(told["records"], told["repeats"], told["checkpoints"], findings)


def interdict(
    *words: str, bootstrap: str, prefix: str, settings: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """A command that exits with 0, or with 1 when it found something."""
    command = [INTERDICT, *words, "--broker", bootstrap, "--prefix", prefix]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **settings})
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-2000:]}")
    return done


def _alerts(bootstrap: str, topic: str) -> Iterator[dict[str, Any]]:
    for record in read_all(bootstrap, topic):
        yield json.loads(record.value or b"{}")
