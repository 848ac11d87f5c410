a = ("first {} "
     'second {} {{}}'
     r"third {}\d" "fourth {{}}".format(one, two, three))
b = ("{} "
     "{}").format(one, two).strip()
c = "{x} " """{x}
{y}""".format(x=1, y=name)
