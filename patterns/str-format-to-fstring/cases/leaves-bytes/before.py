a = b"{} ".format(name)
b = b"{} " b"{}".format(name)
