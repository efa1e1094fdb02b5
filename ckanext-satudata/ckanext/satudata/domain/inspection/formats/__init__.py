"""One module a format: ``read(path, name, limits) -> RawFile``, with its bounds before reading."""
