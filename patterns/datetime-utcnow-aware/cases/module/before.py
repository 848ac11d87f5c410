import datetime
import datetime as dt

a = datetime.datetime.utcnow()
b = dt.datetime.utcfromtimestamp(seconds)  # in UTC
c = dt.datetime.utcnow().date()
