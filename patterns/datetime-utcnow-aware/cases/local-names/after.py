from datetime import datetime, timezone, timezone as datetime_timezone


def f(timezone):
    return datetime.now(datetime_timezone.utc), timezone


def g():
    return datetime.now(timezone.utc)
