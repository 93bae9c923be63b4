"""One file per client: how its documentation says to ask for a film's details.

Each offers ``opened``, a context manager with a function that asks for a film and returns the id of what
came, and ``decode``, which does with a body what the client does with it. ``collect``, where there is one, is
how the client says to ask for many films within TMDB's limit.
"""
