"""The page; a package, so that build.py finds here what makes it."""
