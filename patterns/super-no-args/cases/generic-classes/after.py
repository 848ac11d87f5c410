class Box[T](Base):
    def get[K](self, key: K) -> T:
        return super().get(key)


class Shadowed[Shadowed](Base):
    def get(self):
        return super(Shadowed, self).get()
