"""Private lists: our own form of CSV, as spreadsheets write it."""
