import yaml

a = yaml.load(text, **options)
b = yaml.load(*arguments)
