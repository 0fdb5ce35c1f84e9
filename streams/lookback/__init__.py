"""Past payments screened again when the list changes, and alerts that change with it."""
