"""`interdict suggest`: for each alert, the facts for and against it and what rules make of them."""
