"""Find single facts about a post: titles, names, days, labels."""
