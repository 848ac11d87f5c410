a = f"{stack!s} {stack.pop()!s}"
b = f"{table!s} {table['missing']!r:<8}"
c = (f"{self!s} "
     f"{make(self)!a:.3}%")
