"""The live console: one static page and the feed that drives it."""
