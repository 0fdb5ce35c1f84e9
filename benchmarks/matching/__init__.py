"""Quality and speed of name matching beside its rivals, on the same input in the same run."""
