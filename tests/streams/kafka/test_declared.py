"""Every topic with its settings and every user with its rights, whole: what brokers are set up by.

`declared.txt` holds them; `python -m tests.streams.kafka.test_declared` writes it anew. Read the difference
before it is kept: a topic that is there already keeps what it was made with.
"""

from pathlib import Path

from streams.kafka import topics
from streams.kafka.rights import PRINCIPALS, table
from streams.kafka.topics import TopicSpec, wanted

DECLARED = Path(__file__).with_name("declared.txt")


def declared() -> str:
    specs = {spec.name: spec for spec in vars(topics).values() if isinstance(spec, TopicSpec)}
    lines = list[str]()
    for name, spec in sorted(specs.items()):
        lines.append(f"{name} by {spec.key}, {spec.partitions or 'as many as asked for'} partitions")
        lines += [f"  {setting} = {value}" for setting, value in sorted(spec.config.items())]
    for answers in (False, True):
        lines.append(f"wanted, answers {answers}: {', '.join(spec.name for spec in wanted(answers=answers))}")
    lines += [f"{principal.name}: {table(principal)}" for principal in PRINCIPALS]
    return "\n".join(lines) + "\n"


def test_topics_and_rights_are_as_they_stand_beside_this() -> None:
    assert declared() == DECLARED.read_text()


if __name__ == "__main__":
    DECLARED.write_text(declared())
