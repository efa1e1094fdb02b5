"""Public, read-only pages: home, search, dataset, and the frame around every page."""
