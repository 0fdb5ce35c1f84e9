"""A worker's copies of topics: designations, dispositions, repeats, stopped payments."""
