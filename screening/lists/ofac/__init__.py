"""The two lists of OFAC, in each of their formats."""
