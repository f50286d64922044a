"""Judge what a page is: a post, a listing, a copy, what stands in its place, and what took a post's place."""
