"""Comparisons of those who joined with those who had not yet: what :class:`DifferenceInDifferences` is made of."""
