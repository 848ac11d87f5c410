from six import raise_from

try:
    a()
except KeyError as error:
    raise_from(ValueError("b"), error)  # why
try:
    a()
except KeyError: raise_from(ValueError("c"), None)
