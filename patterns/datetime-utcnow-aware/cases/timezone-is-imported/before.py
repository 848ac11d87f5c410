from datetime import datetime, timezone

a = datetime.utcnow().replace(tzinfo=timezone.utc)
