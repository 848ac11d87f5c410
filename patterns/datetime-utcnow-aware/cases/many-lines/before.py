from datetime import (
    date,
    datetime as DateTime,
    timedelta,
    tzinfo,
)

a = DateTime.utcfromtimestamp(
    seconds
)
