text = f"{name!s} is {age!s:<5}"
