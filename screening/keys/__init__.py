"""Keys by which words are found, by the million: which of them there are, and the numbers under each."""
