from datetime import datetime, timezone

a = datetime.now(timezone.utc)
b = datetime.fromtimestamp(seconds, timezone.utc,)
