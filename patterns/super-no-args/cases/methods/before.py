class Child(Parent):
    def __init__(self, *args, **kwargs):
        super(Child, self).__init__(*args, **kwargs)

    @property
    def name(self) -> str:
        return super(Child, self).name

    @classmethod
    def make(cls, /, value):
        return super(Child, cls).make(value)

    def __new__(cls):
        return super(Child, cls).__new__(cls)

    async def fetch(this):
        return await super(Child, this).fetch()

    def items(self):
        yield from super(Child, self).items()

    if True:

        def conditional(self, factor=2):
            return factor * super(Child, self).conditional()
