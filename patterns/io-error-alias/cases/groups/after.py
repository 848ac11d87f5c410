try:
    pass
except* OSError:
    pass
except* OSError:
    pass
