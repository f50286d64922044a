"""Links that lead elsewhere than they should."""
