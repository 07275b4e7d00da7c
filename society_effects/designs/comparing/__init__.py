"""Comparisons of groups, one file per kind of outcome: what :class:`MemberComparison` is made of."""
