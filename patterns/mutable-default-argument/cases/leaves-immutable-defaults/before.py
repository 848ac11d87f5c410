def immutable(a=(), b=frozenset(), c="", d=0, e=None, f=..., g=(1, []), h=tuple([1]), i=-1, *args, j=b"", **kwargs):
    pass


def computed(a=max([1, 2]), b=[1][0], c=len([]), d=not [], e=[] or None, f=(x for x in [])):
    pass
