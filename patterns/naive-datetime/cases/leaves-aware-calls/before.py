import datetime
from datetime import datetime as dt, timezone

a = dt.now(timezone.utc)
b = dt.now(tz=timezone.utc)
c = dt.fromtimestamp(0, timezone.utc)
d = dt.fromtimestamp(0, tz=zone)
e = dt(2026, 1, 31, tzinfo=timezone.utc)
f = dt(2026, 1, 31, 12, 0, 0, 0, zone)
g = dt.strptime(text, "%Y-%m-%d %z")
h = datetime.datetime.now(zone or None)
i = dt.fromisoformat(text)
j = dt.combine(day, time)
