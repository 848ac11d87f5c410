import weakref


def unknown(a=makers[0](), b=tuple[int](), c=weakref.ref(d)):
    pass
