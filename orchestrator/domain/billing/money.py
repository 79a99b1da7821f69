"""Amounts as people read them: at least the decimals that a currency has coins for, and no needless zeros."""

from decimal import Decimal

#: Currencies that have other than two decimals (ISO 4217).
_NONE = frozenset(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"])
_NONE_CFA = frozenset(["XAF", "XOF", "XPF"])
_THREE = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has in everyday use; 2 for those not known otherwise."""
    return 0 if currency in _NONE | _NONE_CFA else 3 if currency in _THREE else 2


def shown(amount: Decimal, currency: str, digits: int = 0) -> str:
    """Write an amount exactly, with the currency's decimals, or `digits`, at least: `0.2544`, `20.00`."""
    digits = max(digits, minor_digits(currency))
    whole, _, decimals = format(amount, "f").partition(".")
    kept = decimals.rstrip("0").ljust(digits, "0")
    return f"{whole}.{kept}" if kept else whole
