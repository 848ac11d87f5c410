import socket

try:
    pass
except OSError:
    pass
except (ValueError, OSError, KeyError):
    pass
except (OSError, ValueError,):
    pass
except (ValueError, OSError):
    pass
except OSError as error:
    pass
except (OSError,):
    pass
except (*errors, OSError):
    pass
