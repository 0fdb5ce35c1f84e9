"""The words of the names on a list: what they are found by, and which of them answer a word of a payment."""
