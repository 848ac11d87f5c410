class Failed(IOError):
    kind = IOError


isinstance(x, IOError)
errors = (IOError, OSError)
