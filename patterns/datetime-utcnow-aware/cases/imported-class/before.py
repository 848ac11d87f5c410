from datetime import datetime

a = datetime.utcnow()
b = datetime.utcfromtimestamp(seconds,)
