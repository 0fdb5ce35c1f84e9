"""The customer book: parties that are screened when they come, and again at every change of a list."""
