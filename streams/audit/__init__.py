"""What was decided, proved and decided again: seals, archive, replay, stale decisions."""
