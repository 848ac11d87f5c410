from datetime import datetime, timezone

a = datetime.now().astimezone()
b = datetime(2026, 1, 31).replace(tzinfo=timezone.utc)
c = datetime.strptime(text, "%Y").replace(tzinfo=zone)
d = datetime.fromtimestamp(0).astimezone(timezone.utc)
e = (
    datetime.today()
    .replace(hour=1, tzinfo=zone)
)
