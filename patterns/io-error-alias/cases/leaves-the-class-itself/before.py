try:
    pass
except OSError:
    raise OSError("text")
except (OSError, OSError):
    pass
