"""SWIFT MT messages."""
