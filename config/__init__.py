"""Settings and everything shipped as data; imports nothing of ours."""
