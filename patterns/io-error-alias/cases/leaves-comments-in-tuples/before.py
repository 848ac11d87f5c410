try:
    pass
except (
    IOError,  # the file
    OSError,
):
    pass
