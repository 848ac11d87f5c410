from datetime import datetime, timezone

a = datetime.now().astimezone()
b = datetime(2026, 1, 31).replace(tzinfo=timezone.utc)
c = datetime.strptime(text, "%Y").replace(tzinfo=zone)
d = datetime.fromtimestamp(0).astimezone(timezone.utc)
e = (
    datetime.today()
    .replace(microsecond=0)
    .astimezone(zone)
)
f = datetime.strptime(text, "%d.%m.").replace(year=2026).replace(tzinfo=zone)
g = datetime(2026, 1, 31).replace(2026, 1, 31, 0, 0, 0, 0, zone)
