try:
    pass
except WindowsError:
    pass
