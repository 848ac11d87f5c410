import shutil, socket
from mine import IOError

try:
    pass
except (shutil.Error, socket.timeout, socket.gaierror):
    pass
except IOError:
    raise re.error("text")
