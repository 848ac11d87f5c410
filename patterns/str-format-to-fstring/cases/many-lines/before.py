log.info(
    "{}: {}".format(
        key,
        value,
    )
)
text = (
    "{} {}"
    .format(key, value)
)
