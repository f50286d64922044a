"""Group a blog's posts into topics that stay, and make its A-Z subject index."""
