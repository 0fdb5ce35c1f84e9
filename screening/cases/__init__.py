"""What case workers said, and what is remembered of earlier payments."""
