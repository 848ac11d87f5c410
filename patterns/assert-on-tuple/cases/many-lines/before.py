def test():
    assert (
        found == wanted,
        "not what was wanted",
    )
