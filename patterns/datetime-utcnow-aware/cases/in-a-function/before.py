def now():
    from datetime import timedelta, datetime

    return datetime.utcnow() - timedelta(1)
