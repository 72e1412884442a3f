"""What a team fills in: forms, answers, their differences and merging, estimates, workbook files. Pure."""
