"""The Project Centre's desk: questions with owner, age and due time, over web, e-mail, phone and walk-in."""
