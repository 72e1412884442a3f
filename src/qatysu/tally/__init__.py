"""Counting: from stored ballots to votes per project. Reads only."""
