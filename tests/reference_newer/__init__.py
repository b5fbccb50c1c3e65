"""Work on one home together with release 0.169.0, the newer one."""
