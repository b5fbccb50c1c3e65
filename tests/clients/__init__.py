"""The clients that people use, at work with the server."""
