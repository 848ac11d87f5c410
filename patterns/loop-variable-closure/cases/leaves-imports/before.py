for name in names:
    import json as writer

    later(lambda data: writer.dumps(data))
