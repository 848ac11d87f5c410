console.print("a")
self.print("b")
pprint("c")
log.info("print(1)")  # print(2)
