"""What a bank meets sooner or later, on purpose and by a seed: nothing may be lost or cleared wrongly."""
