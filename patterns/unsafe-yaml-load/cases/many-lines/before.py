import yaml


def read(path):
    with open(path) as file:
        return yaml.load(
            file,
            Loader=yaml.Loader,  # the whole language
        )
