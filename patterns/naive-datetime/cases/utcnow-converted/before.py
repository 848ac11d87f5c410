from datetime import datetime, timezone

a = datetime.utcnow().replace(tzinfo=timezone.utc)
b = datetime.utcnow().astimezone(timezone.utc)
c = datetime.utcfromtimestamp(0).astimezone()
