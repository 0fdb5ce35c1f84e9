"""Proof that the guards guard: each invariant broken on purpose, and the named test that must notice."""
