row = f"{one!s:>10}|{two!s:<10}|{three!s:.3}|{four!r:<8.3}|{five!a:>1}"
