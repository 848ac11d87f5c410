try:
    pass
except(OSError):
    raise(OSError)
except(OSError):
    pass
except  ( OSError , ValueError ):
    pass
