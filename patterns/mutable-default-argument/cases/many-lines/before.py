def configure(
    first,
    options={
        "a": 1,
        "b": [2],  # part of the default
    },
):
    def nested(values=[
        options,
    ]):
        return values

    return nested
