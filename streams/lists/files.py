"""From a list file to the topic: what `lists publish` and `lists watch` both do."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from screening import Designation, parse_list
from screening.lists import ListError, Tolerance, list_issued, list_name
from screening.lists.files import ListFiles
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics
from streams.lists.publishing import OnSent, Published, publish
from streams.lists.sources import states_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list file, folder or zip, its format, and the list that it is published as ("" for the format's own).

    Up to `bad_rows` malformed rows beside its entries are read as far as possible; each is logged.
    """

    source: str
    path: Path
    name: str = ""
    bad_rows: int = 0

    @property
    def list_name(self) -> str:
        return self.name or list_name(self.source)

    def designations(self, read: Callable[[int], None] | None = None) -> Iterator[Designation]:
        """Every entry; `read` is called with the number of entries so far.

        Raises ListError, also at the end if the files were changed meanwhile: while one file is copied over
        another, half of the entries may be from each.
        """
        before = states_of(self.path)
        tolerance = Tolerance(self.bad_rows)
        entries = parse_list(self.source, self.path, name=self.list_name, tolerance=tolerance)
        for count, designation in enumerate(entries, 1):
            yield designation
            if read:
                read(count)
        if states_of(self.path) != before:
            raise ListError(f"{self.path} was changed while it was read; read it again once it is whole")
        for row in tolerance.rows:
            log.warning("%s: the row is malformed; what can be read of it is in force", row)
        if tolerance.rows:
            log.warning("%d malformed rows of %d that are allowed", len(tolerance.rows), self.bad_rows)


async def publish_file(
    settings: Settings,
    file: ListFile,
    *,
    max_shrink: float,
    dry_run: bool = False,
    read: Callable[[int], None] | None = None,
    sent: OnSent | None = None,
) -> Published:
    """Bring the list on the topic to the file's state. Raises ListError and PublicationConflictError."""
    return await publish(
        aiokafka_options(settings),
        file.designations(read),
        list_name=file.list_name,
        topic=Topics(settings.topic_prefix).designations,
        source_date=list_issued(file.source, file.path),
        source_sha256=ListFiles(file.path).sha256,
        max_shrink=max_shrink,
        dry_run=dry_run,
        progress=sent,
    )
