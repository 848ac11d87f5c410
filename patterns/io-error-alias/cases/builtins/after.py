try:
    pass
except OSError:
    raise OSError
except OSError as error:
    raise OSError(2, "text") from error
x = OSError("text")
