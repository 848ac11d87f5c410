log.info(
    "%s: %s"
    % (
        name,
        value,
    )
)
text = ("%s "
        "%s" % (
            name,
            value)).strip()
both = ("%s" % (name,)) + "%s" % (value,) * 2
