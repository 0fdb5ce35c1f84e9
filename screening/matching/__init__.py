"""Name against name: the index finds candidates, the score compares them."""
