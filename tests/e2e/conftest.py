"""Pipelines that end with their test."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from screening import Designation
from tests.e2e.pipeline import NewPipeline, Pipeline


@pytest.fixture
def new_pipeline(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[NewPipeline]:
    with ExitStack() as ended:

        def new(listed: Sequence[Designation], **options: Any) -> Pipeline:
            made = ended.enter_context(Pipeline(kafka, tmp_path, prefix=topic_prefix, **options))
            made.create_topics()
            made.publish(listed)
            return made

        yield new
