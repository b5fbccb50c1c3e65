"""Everything that changes the home: appending, moving, copying, naming; all system calls in `storage`."""
