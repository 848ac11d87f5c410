write = print
callback(print)
wrapped = wrap(print=1)
make()(1)
