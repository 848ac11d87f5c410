def read(path):
    try:
        return path.read_text()
    except OSError as error:
        log("can't read: %s" % error)
    except (ValueError, TypeError) as error:
        log("can't decode: %r" % error)

    def explain():
        return "because: %s" % error
