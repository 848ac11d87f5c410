from datetime import date, datetime

a = datetime.now()
b = datetime.now(None)
c = datetime.now(tz=None)
d = datetime.today()
e = date.today()
f = (datetime).now( )
g = f"{datetime.now():%H}"
