try:
    a()
except KeyError as error:
    raise ValueError("b") from error  # why
try:
    a()
except KeyError: raise ValueError("c") from None
