from datetime import date, datetime

a = datetime.fromtimestamp(0)
b = datetime.fromtimestamp(0, None)
c = datetime.fromtimestamp(0, tz=None)
d = datetime.utcfromtimestamp(0)
e = date.fromtimestamp(0)
