"""What is put on a server's path to watch it."""
