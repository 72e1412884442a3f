"""Outcome of a round: provisional, approved, published."""
