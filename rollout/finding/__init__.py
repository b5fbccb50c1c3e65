"""Where rollout files are: folders, names, places."""
