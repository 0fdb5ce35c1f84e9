"""Names inside longer texts: name fields that hold more than a name, remittances, addresses."""
