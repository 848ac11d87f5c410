class Child(Parent):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    @property
    def name(self) -> str:
        return super().name

    @classmethod
    def make(cls, /, value):
        return super().make(value)

    def __new__(cls):
        return super().__new__(cls)

    async def fetch(this):
        return await super().fetch()

    def items(self):
        yield from super().items()

    if True:

        def conditional(self, factor=2):
            return factor * super().conditional()
