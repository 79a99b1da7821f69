"""Bills in the database: tariffs and accounts, the ledger, statements."""
