"""Cities: names, map position, population with date and territory, brand, organisers."""
