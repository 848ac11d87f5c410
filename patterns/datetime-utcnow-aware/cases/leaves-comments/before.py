import datetime

a = datetime.datetime.utcfromtimestamp(
    seconds,  # since 1970
)
b = datetime.datetime.utcnow(
    # no zone
)
