"""Ideas and projects: drafts, teams, states with reasons, versions, discussion."""
