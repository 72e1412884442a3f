"""Pure notions every layer shares: errors, stages and roles, money, time windows. No framework."""
