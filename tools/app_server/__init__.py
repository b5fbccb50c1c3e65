"""`threadstore app-server`: the service, and what belongs to it."""
