"""Pages of ideas and projects; private to this package and ``web``."""
