class A:
    a = "{0.class} ".format(name)
    b = "{0.__private} ".format(name)
    c = "{0['key']} ".format(name)
    d = "{0[a[b]} ".format(name)
    e = "{:{{}} ".format(name)
    f = "{é} ".format(é=name)
