"""Loading what agencies already have: the CKAN side of ``domain.loading``."""
