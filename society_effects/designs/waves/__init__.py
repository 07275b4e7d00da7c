"""Comparisons over waves: what the designs of two and of several waves share."""
