from datetime import (
    date,
    datetime as DateTime,
    timedelta,
    timezone,
    tzinfo,
)

a = DateTime.fromtimestamp(
    seconds, timezone.utc
)
