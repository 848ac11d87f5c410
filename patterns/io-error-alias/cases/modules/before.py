import os, select
import mmap as memory
import socket
from socket import error, error as SocketError

try:
    pass
except socket.error as caught:
    raise select.error
except SocketError:
    raise error(1)
except memory.error:
    raise os.error from None
