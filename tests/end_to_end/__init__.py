"""The server as clients meet it: real processes, behind each of its doors."""
