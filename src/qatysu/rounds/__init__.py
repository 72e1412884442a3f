"""Rounds: stages and calendar, constitution, funders, memberships, ``authorize()``."""
