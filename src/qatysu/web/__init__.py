"""Pages that show facts of several stages, URLs, jobs, middleware: the only place that sees everything."""
