for name in names:
    class Model:
        label = name

        def show(self):
            return name
    models.append(Model)
