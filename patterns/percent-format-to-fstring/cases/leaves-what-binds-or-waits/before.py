async def run(queue):
    a = "%s" % (await queue.get(),)
    b = "%s" % ((yield),)
    c = "%s" % ((d := 1),)
    e = "%s" % ((lambda: 1),)
    f = "%s" % ([item async for item in queue],)
    g = "%s" % (lambda: 1,)
