"""A topic read without a client: from its end backwards, from its beginning on, and searched for words."""
