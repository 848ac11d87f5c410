import yaml


class Loader(yaml.SafeLoader):
    pass


a = yaml.load(text, Loader)
b = yaml.load(text, Loader=loader)
c = yaml.load(text, Loader=self.loader)
d = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
