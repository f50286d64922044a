"""The audit as one page of HTML."""
