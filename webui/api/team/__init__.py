"""People, groups, roles, seats and the audit of a company."""
