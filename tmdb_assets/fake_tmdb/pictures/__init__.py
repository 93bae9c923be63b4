"""The pictures of the fake's films: drawn as SVG, since image.tmdb.org knows none of them.

A picture depends on the film and its path alone: the same film has the same poster always and everywhere.
"""
