"""The Expert Council: seats, meetings, reviews, decisions by vote, appeals, protocols (SPEC 6)."""
