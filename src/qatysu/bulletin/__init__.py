"""Stored append-only logs: taken in, put in order, sealed, published, checked. Knows no stage and no voter."""
