"""What a worker holds of topics: designations, dispositions, repeats, stopped payments."""
