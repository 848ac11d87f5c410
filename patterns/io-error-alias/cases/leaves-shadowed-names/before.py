try:
    import socket
except ImportError:
    socket = None


def OSError(): ...


try:
    pass
except socket.error:
    raise IOError
