from datetime import datetime
from project import *

a = datetime.utcnow()
