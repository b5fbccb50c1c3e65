"""The rules of threads, pure: no files, no sockets, no clock."""
