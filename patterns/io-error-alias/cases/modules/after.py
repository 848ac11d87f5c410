import os, select
import mmap as memory
import socket
from socket import error, error as SocketError

try:
    pass
except OSError as caught:
    raise OSError
except OSError:
    raise OSError(1)
except OSError:
    raise OSError from None
