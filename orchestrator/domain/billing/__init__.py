"""What calls and rents cost (BILL-1): pure, exact decimals, every figure with its arithmetic."""
