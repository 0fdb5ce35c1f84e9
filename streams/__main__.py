"""`python -m streams` is the `interdict` command."""

from streams.cli import main

main()
