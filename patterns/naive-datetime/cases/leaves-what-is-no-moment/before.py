from datetime import MAXYEAR, date, datetime, time, timedelta

a = date(2026, 1, 31)
b = time(12, 0)
c = timedelta(days=1)
d = datetime.now
e = datetime.min
f = "datetime.now()"
g = datetime.now.__name__  # datetime.now()
