"""Recount of a round from its public files alone: log, tally, outcome. Needs no database and no web framework."""
