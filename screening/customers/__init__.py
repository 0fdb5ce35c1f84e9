"""The customer book: parties that are screened when they come, and again for every change of a list."""
