"""Project sessions: the course, the work of teams, remarks of coaches, the passport."""
