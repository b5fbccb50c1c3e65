"""The log: rollout files, read and appended."""
