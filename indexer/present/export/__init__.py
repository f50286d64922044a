"""Write the articles of a library in the forms that other programs and people read."""
