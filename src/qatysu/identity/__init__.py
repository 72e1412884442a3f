"""Accounts, sign-in by code, second factor of staff, rate limits, sealed contact data."""
