"""Finding damage in files, streaming."""
