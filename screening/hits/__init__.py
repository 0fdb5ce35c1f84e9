"""What makes a payment a hit: a name, an identifier, an embargo, ownership, a resubmission."""
