async def f():
    a = "{} ".format(await g())
    b = "{} ".format((yield))
    c = "{} ".format((x := 1))
    d = "{} ".format(lambda: 1)
    e = "{} ".format([x async for x in g()])
    h = "{} ".format(x for x in y)
