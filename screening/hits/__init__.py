"""What makes a hit of a payment: a name, an identifier, an embargo, ownership, a resubmission."""
