import datetime
import datetime as dt

a = datetime.datetime.now(datetime.timezone.utc)
b = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)  # in UTC
c = dt.datetime.now(dt.timezone.utc).date()
