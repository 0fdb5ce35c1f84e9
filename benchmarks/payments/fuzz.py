"""Coverage-guided fuzzing of the payment decoders: any bytes are payments or a PaymentError, and soon.

    pip install atheris
    python -m benchmarks.payments.fuzz --minutes 30 [MESSAGES...]

Every input is read as it is, and once more with all mappings that ship and with an Avro and a Protobuf schema
at hand; one that begins as a schema is read as that. MESSAGES are folders of real messages to start from,
beside the few written here. It ends with exit code 0 and what it ran; an input that breaks the promise is
written to the current folder and ends it with code 1, as do an input that takes too long and a process that
grows over 1 GiB. Time is that of the clock: on a busy machine give more `--seconds-per-input`.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

MEGABYTES = 1024
LONGEST_INPUT = 1 << 16
"""Bytes; long enough for the largest real message, short enough for thousands of runs a second."""


def main() -> int:
    """Fuzz for the minutes given. Returns the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--seconds-per-input", type=int, default=5)
    arguments.add_argument("messages", nargs="*", type=Path)
    given = arguments.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed here: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["screening.payments"]):
        from benchmarks.payments.promise import holds
        from benchmarks.payments.seeds import seeds

    with tempfile.TemporaryDirectory() as corpus:
        _seed(Path(corpus), seeds(), given.messages)
        options = [
            f"-max_total_time={int(given.minutes * 60)}",
            f"-timeout={given.seconds_per_input}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-max_len={LONGEST_INPUT}",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, corpus], holds)
        atheris.Fuzz()
    return 0


def _seed(corpus: Path, seeds: Iterable[bytes], folders: Iterable[Path]) -> None:
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                (corpus / f"real-{file.name}").write_bytes(file.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
