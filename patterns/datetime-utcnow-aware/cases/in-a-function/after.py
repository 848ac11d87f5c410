def now():
    from datetime import timedelta, datetime, timezone

    return datetime.now(timezone.utc) - timedelta(1)
