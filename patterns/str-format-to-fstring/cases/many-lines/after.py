log.info(
    f"{key}: {value}"
)
text = (
    f"{key} {value}"
)
