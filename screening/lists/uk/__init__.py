"""The UK Sanctions List of the FCDO, as CSV and as XML."""
