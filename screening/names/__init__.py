"""A name as text and as what can be compared: words, scripts, sounds, legal forms."""
