import datetime

a = datetime.datetime.utcnow(1)
b = datetime.datetime.utcfromtimestamp()
c = datetime.datetime.utcfromtimestamp(*seconds)
d = datetime.datetime.utcfromtimestamp(t=seconds)
