import socket

try:
    pass
except (IOError, OSError):
    pass
except (ValueError, IOError, KeyError):
    pass
except (OSError, socket.error, IOError, ValueError,):
    pass
except (ValueError, socket.error, IOError):
    pass
except (
    IOError,
    EnvironmentError,
) as error:
    pass
except (IOError,):
    pass
except (*errors, IOError):
    pass
