try:
    pass
except* (IOError, OSError):
    pass
except* IOError:
    pass
