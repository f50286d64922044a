"""Find the text of a post that a page carries as data and not as markup."""
