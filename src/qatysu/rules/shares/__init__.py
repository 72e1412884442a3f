"""Method of Equal Shares: who supports what, money of the voters, one run."""
