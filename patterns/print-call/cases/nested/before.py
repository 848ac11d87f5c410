class Job:
    def run(self):
        if self.debug: print(self)
        return [print(item) for item in self.items] or (lambda: print("x"))
