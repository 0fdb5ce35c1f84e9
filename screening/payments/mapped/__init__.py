"""The parts of a mapping: conditions, sources of values, one event while it is read."""
