"""Answers to rails: what of the original payment they name, and the message itself."""
