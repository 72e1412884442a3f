"""Messages written in the same transaction as what they tell, and sent later by the worker."""
