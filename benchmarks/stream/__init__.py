"""How many payments a second, how late, and against what: see `python -m benchmarks.stream --help`."""
