"""Participatory budgeting from the first idea to the opened playground."""
