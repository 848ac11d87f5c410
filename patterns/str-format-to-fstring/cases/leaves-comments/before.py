a = "{} {}".format(
    one,  # the first
    two,
)
b = ("{} "
     # what is left
     .format(one))
