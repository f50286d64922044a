"""Lay out what is found for a person at a terminal. Values in, lines out; printing them is the command line's."""
