try:
    pass
except IOError:
    raise EnvironmentError
except EnvironmentError as error:
    raise IOError(2, "text") from error
x = IOError("text")
