try:
    pass
except(IOError):
    raise(IOError)
except(IOError, OSError):
    pass
except  ( IOError , ValueError , OSError ):
    pass
