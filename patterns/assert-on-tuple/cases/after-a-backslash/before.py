assert \
    (a, "b")
