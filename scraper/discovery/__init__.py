"""Read the places that name posts: sitemaps, feeds, the WordPress API, listings, links."""
