"""Keep what audits and topics made of the articles."""
