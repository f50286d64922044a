"""Show what the topics of a blog are: as a tree, with the reasons of a name, as an index from A to Z, with the gaps."""
