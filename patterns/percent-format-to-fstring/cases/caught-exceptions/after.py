def read(path):
    try:
        return path.read_text()
    except OSError as error:
        log(f"can't read: {error!s}")
    except (ValueError, TypeError) as error:
        log(f"can't decode: {error!r}")

    def explain():
        return f"because: {error!s}"
