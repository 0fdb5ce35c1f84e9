"""OpenSanctions in each of its formats."""
