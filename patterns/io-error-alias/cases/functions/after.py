def f():
    try:
        from socket import error as SocketError
    finally:
        pass
    try:
        pass
    except OSError:
        raise
