"""Say what a text says: words, contacts, requests, notices; no markup, no site, no database."""
