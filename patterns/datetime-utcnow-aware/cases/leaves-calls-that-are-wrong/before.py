from datetime import datetime

a = datetime.utcnow(1)
b = datetime.utcfromtimestamp(*seconds)
c = datetime.utcfromtimestamp(timestamp=1)
d = datetime.utcfromtimestamp()
e = datetime.utcfromtimestamp(x for x in y)
