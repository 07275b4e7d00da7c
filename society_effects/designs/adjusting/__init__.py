"""Comparisons among students with the same covariates: what :class:`RegressionAdjustment` is made of."""
