"""People, groups, roles and seats of a company (SEAT-2, ROLE-1)."""
