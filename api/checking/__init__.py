"""What the commands `verify` and `doctor` compute: the index held against the log, and a home looked over."""
