"""The methods that are served, a file a subject; `api.service` has the table of all."""
