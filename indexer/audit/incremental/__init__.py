"""Say which paragraphs an audit has to look at again after a crawl."""
