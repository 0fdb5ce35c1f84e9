"""Two policies over the same payments, as a page and a table."""
